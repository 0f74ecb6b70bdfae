package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.model.RawLogGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A group's way from the writer to the service: it waits in its lane, travels in a request when there is a free slot and
 * the pace allows, and stays until it is settled: acknowledged, stored among the dead letters, or dropped. A request
 * that is repeated keeps its slot and its lane until then.
 *
 * <p>Task thread only; answers come back as mails.
 */
final class PutPipeline {

    private final SinkConfig config;
    private final TaskThread thread;
    private final SinkMetrics metrics;
    private final Destinations destinations;
    private final SinkFailures failures;
    private final SinkWarnings warnings;
    private final Lanes lanes;
    private final Pace pace;

    /** Sent and not settled, oldest first; those that wait to be repeated included. */
    private final Set<Put> unsettled = new LinkedHashSet<>();

    /** Those of them whose wait is over. */
    private final Queue<Put> due = new ArrayDeque<>();

    private long groups;
    private long bytes;
    private boolean wakes;
    private boolean closed;
    private @Nullable IOException failure;

    PutPipeline(SinkConfig config, SlsClient client, TaskThread thread, SinkMetrics metrics) {
        this.config = config;
        this.thread = thread;
        this.metrics = metrics;
        this.destinations = new Destinations(config, client);
        this.failures = new SinkFailures(config);
        this.warnings = new SinkWarnings(config.name());
        this.lanes = new Lanes(
                config.delivery().ordered(), config.delivery().batching() ? BatchLimits.LIST : BatchLimits.SINGLE);
        this.pace = new Pace(thread.now());
    }

    /** Takes a group and sends it as soon as there is a slot. */
    void add(RawLogGroup group) throws IOException {
        groups++;
        bytes += group.length();
        lanes.add(group);
        pump();
    }

    /** How many groups are not settled. */
    long groups() {
        return groups;
    }

    /** How many bytes they have. */
    long bytes() {
        return bytes;
    }

    /** @throws IOException when something has gone wrong for good; the job has to fail */
    void check() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    /** From now on nothing is sent and no answer is looked at. */
    void close() {
        closed = true;
    }

    /** Sends what may be sent now. */
    private void pump() throws IOException {
        while (!due.isEmpty() || (unsettled.size() < config.delivery().maxInFlightRequests() && lanes.hasNext())) {
            Duration wait = Duration.ofNanos(pace.toWait(thread.now()));
            if (wait.toMillis() > 0) {
                wakeAfter(wait);
                break;
            }
            send(due.isEmpty() ? lanes.next() : due.remove());
        }
        metrics.holds(bytes, unsettled.size());
        metrics.oldestSince(
                unsettled.isEmpty() ? null : unsettled.iterator().next().firstSentAt());
    }

    private void wakeAfter(Duration wait) {
        if (!wakes) {
            wakes = true;
            later(wait, () -> wakes = false);
        }
    }

    private void later(Duration wait, Runnable action) {
        thread.timers().after(wait, () -> {
            if (!closed) {
                action.run();
                pump();
            }
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // every outcome comes back as a mail
    private void send(Put put) throws IOException {
        long now = thread.now();
        boolean repeated = !unsettled.add(put);
        put.sent(now);
        SlsException refusal = destinations.refusal(put);
        if (refusal != null) {
            rejected(put, refusal);
            return;
        }
        pace.sent(put.bytes(), now);
        metrics.requestSent(repeated);
        destinations
                .send(put)
                .whenComplete((nothing, error) -> thread.execute(() -> answered(put, error), "answer to a put"));
    }

    private void answered(Put put, @Nullable Throwable error) throws IOException {
        if (closed) {
            return;
        }
        if (error == null) {
            succeeded(put);
        } else if (error instanceof SlsException exception) {
            failed(put, exception);
        } else {
            fail(failures.unexpected(error));
        }
        pump();
    }

    private void succeeded(Put put) {
        if (put.rejection() == null) {
            metrics.acknowledged(put, thread.now());
            if (put.origin() != null) {
                put.origin().accepted();
                sendSinglyIfListsAreRefused(put.origin());
            }
        } else {
            metrics.deadLettered();
        }
        settle(put);
    }

    private void failed(Put put, SlsException error) throws IOException {
        switch (error.kind()) {
            case THROTTLED, QUOTA_EXCEEDED -> {
                metrics.throttled();
                pace.throttled(put.sentAt(), thread.now());
                repeat(put, error);
            }
            case UNAVAILABLE -> repeat(put, error);
            case UNAUTHORIZED, NOT_FOUND, SHARD_NOT_FOUND -> repeatDenied(put, error);
            case TOO_LARGE -> {
                if (put.isList()) {
                    replace(put, put.halves());
                } else {
                    rejected(put, error);
                }
            }
            case INVALID_REQUEST, CURSOR_EXPIRED, ALREADY_EXISTS, SEQUENCE_REPEATED -> {
                if (put.isList()) {
                    replace(put, put.singles());
                } else {
                    rejected(put, error);
                }
            }
        }
    }

    private void repeat(Put put, SlsException error) throws IOException {
        long now = thread.now();
        put.failed(now);
        Duration giveUpAfter = config.retry().giveUpAfter();
        if (giveUpAfter != null && put.failingFor(now) >= giveUpAfter.toNanos()) {
            fail(failures.gaveUpAfter(giveUpAfter, error));
        }
        warnings.mayPass(put, error);
        repeatLater(put);
    }

    private void repeatDenied(Put put, SlsException error) throws IOException {
        long now = thread.now();
        put.denied(now);
        RetryPolicy retry = config.retry();
        if (put.deniedFor(now) >= retry.grace().toNanos()) {
            fail(failures.deniedFor(retry.grace(), error));
        }
        warnings.denied(put, error);
        repeatLater(put);
    }

    private void repeatLater(Put put) {
        later(config.retry().backoff().delay(put.failures(), ThreadLocalRandom.current()), () -> due.add(put));
    }

    /** Settles a group that will never be taken, as the user has decided. */
    private void rejected(Put put, SlsException reason) throws IOException {
        if (put.rejection() != null) {
            fail(failures.deadLetterRejected(reason));
        }
        long count = metrics.rejected();
        if (put.origin() != null) {
            put.origin().rejected();
        }
        switch (config.rejects().onReject()) {
            case FAIL -> fail(failures.rejected(reason));
            case DROP -> {
                metrics.dropped();
                warnings.drops(put, reason, count);
                settle(put);
            }
            case DEAD_LETTER -> {
                warnings.sendsToDeadLetters(put, reason, count);
                put.rejected(reason);
                due.add(put);
            }
        }
    }

    private void sendSinglyIfListsAreRefused(RefusedList refused) {
        if (refused.showsThatListsAreRefused() && lanes.sendsLists()) {
            lanes.sendSingly();
            metrics.fellBackToSingles();
            warnings.listsAreRefused();
        }
    }

    private void replace(Put put, List<Put> parts) {
        unsettled.remove(put);
        lanes.replace(put, parts);
    }

    private void settle(Put put) {
        unsettled.remove(put);
        groups -= put.groups().size();
        bytes -= put.bytes();
        lanes.done(put);
    }

    private void fail(IOException reason) throws IOException {
        failure = reason;
        throw reason;
    }
}
