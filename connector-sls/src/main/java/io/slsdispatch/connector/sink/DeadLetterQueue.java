package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore.OnRefusal;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetterEncoder;
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

    private final Deque<Letter> waiting = new ArrayDeque<>();

    /** Parts of refused requests, and requests whose wait is over. */
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
        while (requests.count() < MAX_REQUESTS && hasNext()) {
            LetterPut put = ready.isEmpty() ? next() : ready.remove();
            unsettled.add(put);
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
        unsettled.remove(put);
        for (LetterPut.Chunk chunk : put.chunks()) {
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
        long now = thread.now();
        switch (error.kind()) {
            case THROTTLED, QUOTA_EXCEEDED, UNAVAILABLE -> repeatAfter(put, retries.afterPassing(put, error, now));
            case UNAUTHORIZED, NOT_FOUND, SHARD_NOT_FOUND -> repeatAfter(put, retries.afterDenial(put, error, now));
            case TOO_LARGE, INVALID_REQUEST, CURSOR_EXPIRED, ALREADY_EXISTS, SEQUENCE_REPEATED -> refused(put, error);
        }
        pump();
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
        unsettled.remove(put);
        if (put.chunks().size() > 1) {
            ready.addAll(put.singles());
            return;
        }
        Letter letter = put.chunks().get(0).letter();
        if (onRefusal == OnRefusal.FAIL) {
            failure.fail(failures.deadLetterRejected(letter.deadLetter().reason(), error));
        }
        if (!letter.isRefused()) {
            letter.refused();
            waiting.remove(letter);
            end.dropped(letter, error);
        }
    }

    @Override
    public void broke(Throwable error) throws IOException {
        failure.fail(failures.unexpected(error));
    }
}
