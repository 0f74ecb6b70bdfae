package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore.OnRefusal;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetterEncoder;
import io.slsdispatch.connector.put.PutErrors;
import io.slsdispatch.connector.put.PutErrors.Meaning;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Dead letters on their way to their logstore, where they are stored for good before their groups count as settled. They
 * have requests of their own, so that they get through while the target takes none. Task thread only.
 */
final class DeadLetterQueue implements Requests.Receiver<LetterPut> {

    private static final int MAX_REQUESTS = 2;

    /** What one request carries: large enough to be few, small enough that many writers may have some. */
    private static final int MAX_REQUEST_BYTES = 1_500_000;

    private static final int MAX_REQUEST_LOGS = 1_000;

    /** Where letters end. */
    interface End {

        void stored(Letter letter);

        /** Its logstore will never take it, and it is dropped as configured. */
        void dropped(Letter letter, SlsException reason);
    }

    private final TaskThread thread;
    private final SinkMetrics metrics;
    private final OnRefusal onRefusal;
    private final Retries retries;
    private final SinkFailures failures;
    private final Failure failure;
    private final End end;
    private final DeadLetterEncoder encoder;
    private final Requests<LetterPut> requests;
    private final PutErrors errors;

    private final Deque<Letter> waiting = new ArrayDeque<>();

    /** Requests whose wait is over, and those of which some is settled. */
    private final Deque<LetterPut> ready = new ArrayDeque<>();

    /** Sent and neither stored nor replaced, those that wait to be repeated included. */
    private final Set<LetterPut> unsettled = new LinkedHashSet<>();

    private boolean closed;

    DeadLetterQueue(SinkParts parts, OnRefusal onRefusal, DeadLetterEncoder encoder, RequestsToLetters to, End end) {
        this.thread = parts.thread();
        this.metrics = parts.metrics();
        this.failures = parts.failures();
        this.failure = parts.failure();
        this.retries = parts.retries();
        this.onRefusal = onRefusal;
        this.errors = new PutErrors(parts.config().retry());
        this.encoder = encoder;
        this.end = end;
        this.requests = to.with(this);
    }

    /** Makes the requests that this queue is told the ends of. */
    @FunctionalInterface
    interface RequestsToLetters {
        Requests<LetterPut> with(Requests.Receiver<LetterPut> receiver);
    }

    void add(DeadLetter letter) {
        waiting.add(new Letter(letter));
        pump();
    }

    boolean isIdle() {
        return unsettled.isEmpty() && waiting.isEmpty() && ready.isEmpty();
    }

    /** Ends requests that are overdue. */
    void check() throws IOException {
        requests.endOverdue();
        pump();
    }

    /** From now on nothing is sent and no answer is looked at. */
    void close() {
        closed = true;
        requests.close();
    }

    private void pump() {
        int most = errors.isUnconfirmed() ? 1 : MAX_REQUESTS;
        while (requests.count() < most && hasNext()) {
            LetterPut put = ready.isEmpty() ? next() : ready.remove();
            unsettled.add(put);
            put.judgedBy(errors);
            metrics.deadLetterRequestSent();
            requests.send(put);
        }
    }

    /** What waits to be repeated keeps its place among the requests, so that one by one they wait the longer. */
    private boolean hasNext() {
        return !ready.isEmpty() || (!waiting.isEmpty() && unsettled.size() < MAX_REQUESTS);
    }

    private LetterPut next() {
        List<LetterPut.Chunk> chunks = new ArrayList<>();
        long bytes = 0;
        while (!waiting.isEmpty() && chunks.size() < MAX_REQUEST_LOGS) {
            Letter letter = waiting.element();
            var encoded = letter.encoded(encoder);
            int size = encoded.logBytesAtMost(letter.taken());
            if (!chunks.isEmpty() && bytes + size > MAX_REQUEST_BYTES) {
                break;
            }
            bytes += size;
            chunks.add(new LetterPut.Chunk(letter, letter.take()));
            if (letter.taken() == encoded.chunks()) {
                waiting.remove();
            }
        }
        return new LetterPut(encoder, chunks);
    }

    @Override
    public void succeeded(LetterPut put) {
        errors.accepted(put.ticket());
        List<LetterPut.Chunk> stored = put.chunks();
        put.accepted();
        continueOrSettle(put);
        for (LetterPut.Chunk chunk : stored) {
            Letter letter = chunk.letter();
            if (letter.stored(letter.encoded(encoder).chunks()) && !letter.isRefused()) {
                end.stored(letter);
            }
        }
        pump();
    }

    @Override
    public void failed(LetterPut put, SlsException error) throws IOException {
        metrics.failed(error);
        Meaning meaning = errors.meaning(error);
        switch (meaning) {
            case THROTTLED, UNAVAILABLE -> repeatAfter(put, retries.afterPassing(put, error, thread.now()));
            case UNCONFIRMED -> unconfirmed(put, error);
            case DENIED, ABOUT_REQUEST -> deny(put, meaning, error);
            case UNKNOWN -> unknown(put, error);
            case TOO_LARGE -> {
                if (put.isList() || PutErrors.rejectsForSize(error)) {
                    refused(put, error);
                } else {
                    deny(put, meaning, error);
                }
            }
            case ABOUT_GROUP -> refused(put, error);
        }
        pump();
    }

    private void unconfirmed(LetterPut put, SlsException error) throws IOException {
        if (errors.unconfirmed(put.ticket())) {
            failure.fail(failures.deadLettersUnconfirmed(error));
        }
        repeatAfter(put, retries.afterPassing(put, error, thread.now()));
    }

    private void deny(LetterPut put, Meaning meaning, SlsException error) throws IOException {
        repeatAfter(put, retries.afterDenial(put, meaning, error, thread.now()));
    }

    private void unknown(LetterPut put, SlsException error) throws IOException {
        if (put.isList()) {
            put.searchForUnknown(errors);
        } else if (errors.isAboutGroup(put.unknown())) {
            refused(put, error);
            return;
        } else if (put.remaining() > 1
                && unsettled.stream()
                        .noneMatch(other -> other != put && other.unknown().tries() > 0)) {
            // The others need not wait for it, and show whether it is at fault.
            LetterPut others = put.splitAfterFirst();
            unsettled.add(others);
            ready.add(others);
        }
        deny(put, Meaning.UNKNOWN, error);
    }

    private void repeatAfter(LetterPut put, Duration wait) {
        thread.timers().after(wait, () -> {
            if (!closed) {
                ready.add(put);
                pump();
            }
        });
    }

    private void refused(LetterPut put, SlsException error) throws IOException {
        if (put.isList()) {
            put.halve();
            ready.add(put);
            return;
        }
        Letter letter = put.chunks().get(0).letter();
        if (onRefusal == OnRefusal.FAIL) {
            failure.fail(failures.deadLetterRejected(letter.deadLetter().reason(), error));
        }
        put.removedFirst();
        continueOrSettle(put);
        if (!letter.isRefused()) {
            letter.refused();
            waiting.remove(letter);
            end.dropped(letter, error);
        }
    }

    private void continueOrSettle(LetterPut put) {
        if (put.remaining() > 0) {
            ready.add(put);
        } else {
            unsettled.remove(put);
        }
    }

    @Override
    public void broke(Throwable error) throws IOException {
        failure.fail(failures.unexpected(error));
    }
}
