package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
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
import java.util.concurrent.TimeUnit;

/**
 * A group's way from the writer to the target: it waits in its lane, travels in a request when there is a free slot and
 * the pace allows, and stays until it is settled: acknowledged, or given to {@link Undelivered}. A request that is
 * repeated keeps its slot and its lane until then. While the target is out of order, see {@link Circuit}, groups do not
 * wait for it.
 *
 * <p>Task thread only; answers come back as mails.
 */
final class PutPipeline implements Requests.Receiver<Put> {

    /** A list that has had so long and no answer may be too much for a slow line, if it has more bytes than this. */
    private static final long LONG_WITHOUT_ANSWER = TimeUnit.SECONDS.toNanos(5);

    private static final long HALVED_ABOVE = 500_000;

    private final SinkConfig config;
    private final TaskThread thread;
    private final SinkMetrics metrics;
    private final Room room;
    private final Retries retries;
    private final SinkWarnings warnings;
    private final Failure failure;
    private final SinkFailures failures;
    private final Undelivered undelivered;
    private final Oversized oversized;
    private final Requests<Put> requests;
    private final Lanes lanes;
    private final Pace pace;
    private final Window window;
    private final Outages outages;
    private final Gathering gathering = new Gathering();

    /** Sent and not settled, oldest first; those that wait to be repeated included. */
    private final Set<Put> unsettled = new LinkedHashSet<>();

    /** Those of them whose wait is over. */
    private final Queue<Put> due = new ArrayDeque<>();

    private boolean hurries;
    private boolean wakes;
    private boolean closed;

    PutPipeline(SinkParts parts, SlsClient client, Duration deadline, Undelivered undelivered) {
        this.config = parts.config();
        this.thread = parts.thread();
        this.metrics = parts.metrics();
        this.room = parts.room();
        this.retries = parts.retries();
        this.warnings = parts.warnings();
        this.failure = parts.failure();
        this.failures = parts.failures();
        this.undelivered = undelivered;
        this.oversized = new Oversized(config.logstore());
        this.requests = new Requests<>(config.logstore(), client, thread, deadline, this);
        this.lanes = new Lanes(
                config.delivery().ordered(), config.delivery().batching() ? BatchLimits.LIST : BatchLimits.SINGLE);
        this.pace = new Pace(thread.now());
        this.window = new Window(config.delivery().maxInFlightRequests());
        this.outages = new Outages(parts, undelivered, ThreadLocalRandom::current);
    }

    /** Takes a group and sends it as soon as there is a slot; the writer's room has it already. */
    void add(RawLogGroup group) throws IOException {
        if (outages.passesBy(group)) {
            return;
        }
        lanes.add(group);
        pump();
    }

    boolean isIdle() {
        return unsettled.isEmpty() && requests.count() == 0 && !lanes.hasNext();
    }

    /** What it waits for, in words. */
    String waitsFor() {
        if (unsettled.isEmpty()) {
            return "no request is under way";
        }
        long now = thread.now();
        Put oldest = unsettled.iterator().next();
        return ("%d requests are not settled and %d of them await their answer; the oldest was first sent %d s ago, last"
                        + " %d s ago, and has failed %d times")
                .formatted(
                        unsettled.size(),
                        requests.count(),
                        TimeUnit.NANOSECONDS.toSeconds(now - oldest.firstSentAt()),
                        TimeUnit.NANOSECONDS.toSeconds(now - oldest.sentAt()),
                        oldest.failures());
    }

    /** The writer waits for a checkpoint: it does so for a probe, too, but not for long. */
    void hurry() {
        hurries = true;
    }

    /** Gives up waiting for a target that is out of order. */
    void waitForNoProbe() {
        if (outages.isOver() || requests.hasAnswer()) {
            return;
        }
        if (requests.count() > 0) {
            outages.probeIsLate();
        } else {
            outages.probeFailed();
        }
        spill();
    }

    /** Ends requests that are overdue, and sees whether the target has been silent for too long. */
    void check() throws IOException {
        requests.endOverdue();
        if (hurries) {
            hurries = false;
            waitForNoProbe();
        }
        // An answer that is there, and not seen yet, may show that the target is in order.
        if (!requests.hasAnswer() && outages.begins()) {
            List.copyOf(unsettled).forEach(requests::abandon);
            spill();
        }
        pump();
    }

    /** From now on nothing is sent and no answer is looked at. */
    void close() {
        closed = true;
        requests.close();
    }

    /** Gives everything that is unsettled away; a probe that is under way will still show whether the target is back. */
    private void spill() {
        List<Put> puts = List.copyOf(unsettled);
        unsettled.clear();
        due.clear();
        for (Put put : puts) {
            put.groups().forEach(outages::spill);
            lanes.done(put);
        }
        lanes.drain().forEach(outages::spill);
        outages.idle();
        tellMetrics();
    }

    /** Sends what may be sent now. */
    private void pump() throws IOException {
        boolean paced = false;
        while (mayStart()) {
            long now = thread.now();
            Duration wait = Duration.ofNanos(pace.toWait(now));
            if (wait.toMillis() > 0) {
                paced = true;
                wakeAfter(wait);
                break;
            }
            send(due.isEmpty() ? lanes.next() : due.remove(), now);
        }
        metrics.paced(paced, thread.now());
        tellMetrics();
    }

    private boolean mayStart() {
        int slots = outages.isOver() ? config.delivery().maxInFlightRequests() : 1;
        return requests.count() < Math.min(slots, window.size())
                && (!due.isEmpty() || (unsettled.size() < slots && lanes.hasNext() && !gathers()));
    }

    void tellMetrics() {
        metrics.holds(room.bytes(), unsettled.size(), room.limit(thread.now()));
        metrics.oldestSince(
                unsettled.isEmpty() ? null : unsettled.iterator().next().firstSentAt());
    }

    /** Whether what could be sent waits for more to go with it. */
    private boolean gathers() {
        long wait = lanes.gathers() ? gathering.toWait(unsettled.size(), lanes.gatheredBytes(), thread.now()) : 0;
        if (wait > 0) {
            wakeAfter(Duration.ofNanos(wait));
        }
        return wait > 0;
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

    private void send(Put put, long now) {
        boolean repeated = !unsettled.add(put);
        pace.sent(put.bytes(), now);
        metrics.requestSent(repeated);
        outages.busy();
        requests.send(put);
    }

    @Override
    public void succeeded(Put put) throws IOException {
        long now = thread.now();
        window.succeeded();
        outages.answered();
        // A probe may have been given away before its answer came.
        if (unsettled.contains(put)) {
            metrics.acknowledged(put, now);
            if (put.origin() != null) {
                put.origin().accepted();
                sendSinglyIfListsAreRefused(put.origin());
            }
            for (RawLogGroup group : put.groups()) {
                room.leave(group, now);
            }
            settle(put);
        }
        pump();
    }

    @Override
    public void failed(Put put, SlsException error) throws IOException {
        metrics.failed(error);
        switch (error.kind()) {
            case THROTTLED, QUOTA_EXCEEDED -> {
                metrics.throttled();
                pace.throttled(put.sentAt(), thread.now());
                repeat(put, error, false);
            }
            case UNAVAILABLE -> {
                window.failed();
                repeat(put, error, false);
            }
            case UNAUTHORIZED, NOT_FOUND, SHARD_NOT_FOUND -> {
                window.failed();
                repeat(put, error, true);
            }
            case TOO_LARGE -> tooLarge(put, error);
            case INVALID_REQUEST, CURSOR_EXPIRED, ALREADY_EXISTS, SEQUENCE_REPEATED -> refused(put, error);
        }
        pump();
    }

    @Override
    public void broke(Throwable error) throws IOException {
        failure.fail(failures.unexpected(error));
    }

    private void repeat(Put put, SlsException error, boolean denied) throws IOException {
        outages.failed(error);
        if (!outages.isOver()) {
            outages.probeFailed();
            spill();
            return;
        }
        long now = thread.now();
        Duration wait = denied ? retries.afterDenial(put, error, now) : retries.afterPassing(put, error, now);
        boolean overdue = error.httpStatus() < 0 && now - put.sentAt() > LONG_WITHOUT_ANSWER;
        if (overdue && put.isList() && put.bytes() > HALVED_ABOVE) {
            // Repeated as it is, it might fail for ever.
            replace(put, put.halves());
            return;
        }
        later(wait, () -> {
            if (unsettled.contains(put)) {
                due.add(put);
            }
        });
    }

    private void tooLarge(Put put, SlsException error) throws IOException {
        if (!answered(put)) {
            return;
        }
        if (put.isList()) {
            replace(put, put.halves());
            return;
        }
        RawLogGroup whole = put.groups().get(0);
        List<RawLogGroup> parts = oversized.halves(whole);
        if (parts.isEmpty()) {
            reject(put, error);
            return;
        }
        metrics.split(parts.size());
        long now = thread.now();
        room.remove(whole);
        parts.forEach(part -> room.take(part, now));
        replace(put, put.replacedBy(parts));
    }

    private void refused(Put put, SlsException error) throws IOException {
        if (!answered(put)) {
            return;
        }
        if (put.isList()) {
            replace(put, put.singles());
        } else {
            reject(put, error);
        }
    }

    /** Notes that the target works; false when what it answers to has been given away meanwhile. */
    private boolean answered(Put put) {
        outages.answered();
        return unsettled.contains(put);
    }

    private void reject(Put put, SlsException reason) throws IOException {
        if (put.origin() != null) {
            put.origin().rejected();
        }
        settle(put);
        undelivered.rejected(put.groups().get(0), reason);
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
        lanes.done(put);
        if (unsettled.isEmpty()) {
            outages.idle();
        }
    }
}
