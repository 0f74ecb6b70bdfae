package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.ListSupport;
import io.slsdispatch.connector.put.PutErrors;
import io.slsdispatch.connector.put.PutErrors.Meaning;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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

    /** A group that failed alone so often may be why: those behind it need not wait for it. */
    private static final int FAILURES_OF_ONE = 3;

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
    private final PendingPuts pending;
    private final Pace pace;
    private final Window window;
    private final Outages outages;
    private final Gathering gathering = new Gathering();
    private final PutErrors errors;
    private final ListSupport lists = new ListSupport();

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
        this.pending = new PendingPuts(lanes);
        this.pace = new Pace(thread.now());
        this.errors = new PutErrors(config.retry());
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
        return pending.isEmpty() && requests.count() == 0 && !lanes.hasNext();
    }

    /** What it waits for, in words. */
    String waitsFor() {
        return pending.describe(requests.count(), thread.now());
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
            pending.all().forEach(requests::abandon);
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
        pending.giveAway().forEach(outages::spill);
        outages.idle();
        tellMetrics();
    }

    /** Sends what may be sent now. */
    private void pump() throws IOException {
        boolean paced = false;
        lanes.sendLists(lists.isOn(thread.now()));
        while (mayStart()) {
            long now = thread.now();
            Duration wait = Duration.ofNanos(pace.toWait(now));
            if (wait.toMillis() > 0) {
                paced = true;
                wakeAfter(wait);
                break;
            }
            send(pending.next(), now);
        }
        metrics.paced(paced, thread.now());
        tellMetrics();
    }

    private boolean mayStart() {
        boolean oneAtATime = !outages.isOver() || errors.isUnconfirmed();
        int slots = oneAtATime ? 1 : config.delivery().maxInFlightRequests();
        return requests.count() < Math.min(slots, window.size())
                && (pending.hasDue() || (pending.size() < slots && lanes.hasNext() && !gathers()));
    }

    void tellMetrics() {
        metrics.holds(room.bytes(), pending.size(), room.limit(thread.now()));
        metrics.oldestSince(pending.oldestSentAt());
    }

    /** Whether what could be sent waits for more to go with it. */
    private boolean gathers() {
        long wait = lanes.gathers() ? gathering.toWait(pending.size(), lanes.gatheredBytes(), thread.now()) : 0;
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
        boolean repeated = !pending.sent(put);
        if (!lists.isOn(now)) {
            put.single();
        }
        put.judgedBy(errors);
        pace.sent(put.bytes(), now);
        metrics.requestSent(repeated);
        outages.busy();
        requests.send(put);
    }

    @Override
    public void succeeded(Put put) throws IOException {
        long now = thread.now();
        errors.accepted(put.ticket());
        window.succeeded();
        outages.answered();
        if (put.isList()) {
            lists.accepted();
        }
        // A probe may have been given away before its answer came.
        if (pending.contains(put)) {
            metrics.acknowledged(put, now);
            for (RawLogGroup group : put.groups()) {
                room.leave(group, now);
            }
            Long failedListSentAt = put.accepted();
            if (failedListSentAt != null && lists.contrast(failedListSentAt, now)) {
                metrics.fellBackToSingles();
                warnings.listsAreRefused();
            }
            continueOrSettle(put);
        }
        pump();
    }

    @Override
    public void failed(Put put, SlsException error) throws IOException {
        metrics.failed(error);
        if (!put.isList()) {
            put.singleFailed();
        }
        Meaning meaning = errors.meaning(error);
        switch (meaning) {
            case THROTTLED -> {
                metrics.throttled();
                pace.throttled(put.sentAt(), thread.now());
                repeat(put, meaning, error);
            }
            case UNAVAILABLE -> unavailable(put, error);
            case UNCONFIRMED -> unconfirmed(put, error);
            case DENIED -> {
                window.failed();
                repeat(put, meaning, error);
            }
            case ABOUT_REQUEST -> aboutRequest(put, error);
            case UNKNOWN -> unknown(put, error);
            case TOO_LARGE -> tooLarge(put, error);
            case ABOUT_GROUP -> refused(put, error);
        }
        pump();
    }

    @Override
    public void broke(Throwable error) throws IOException {
        failure.fail(failures.unexpected(error));
    }

    private void unavailable(Put put, SlsException error) throws IOException {
        window.failed();
        // A gateway that knows no lists answers so, too; most of the time it passes with the first repetition.
        if (put.isList() && put.failures() > 0 && error.httpStatus() > 0) {
            put.probe();
        } else if (!put.isList()
                && put.failures() >= FAILURES_OF_ONE
                && !config.delivery().ordered()) {
            pending.letOthersGoBefore(put);
        }
        repeat(put, Meaning.UNAVAILABLE, error);
    }

    private void unconfirmed(Put put, SlsException error) throws IOException {
        if (errors.unconfirmed(put.ticket())) {
            failure.fail(failures.unconfirmed(error));
        }
        repeat(put, Meaning.UNCONFIRMED, error);
    }

    private void aboutRequest(Put put, SlsException error) throws IOException {
        if (compressAgain(put, error)) {
            return;
        }
        window.failed();
        if (put.isList()) {
            put.probe();
        }
        repeat(put, Meaning.ABOUT_REQUEST, error);
    }

    private void unknown(Put put, SlsException error) throws IOException {
        if (put.isList()) {
            put.searchForUnknown(errors);
        } else if (errors.isAboutGroup(put.unknown())) {
            refused(put, error);
            return;
        } else if (!config.delivery().ordered()) {
            pending.letOthersGoBefore(put);
        }
        repeat(put, Meaning.UNKNOWN, error);
    }

    private void repeat(Put put, Meaning meaning, SlsException error) throws IOException {
        outages.failed(error);
        if (!outages.isOver()) {
            outages.probeFailed();
            spill();
            return;
        }
        long now = thread.now();
        Duration wait =
                switch (meaning) {
                    case THROTTLED, UNAVAILABLE, UNCONFIRMED -> retries.afterPassing(put, error, now);
                    default -> retries.afterDenial(put, meaning, error, now);
                };
        boolean overdue = error.httpStatus() < 0 && now - put.sentAt() > LONG_WITHOUT_ANSWER;
        if (overdue && put.isList() && put.bytes() > HALVED_ABOVE) {
            // Repeated as it is, it might never get through.
            pending.replace(put, put.halves());
            return;
        }
        later(wait, () -> pending.due(put));
    }

    private void tooLarge(Put put, SlsException error) throws IOException {
        if (put.isList()) {
            if (answered(put)) {
                pending.replace(put, put.halves());
            }
            return;
        }
        List<RawLogGroup> parts = oversized.halves(put.first());
        if (parts.isEmpty() && !PutErrors.rejectsForSize(error)) {
            window.failed();
            repeat(put, Meaning.TOO_LARGE, error);
        } else if (answered(put)) {
            split(put, parts, error);
        }
    }

    private void split(Put put, List<RawLogGroup> parts, SlsException error) throws IOException {
        if (parts.isEmpty()) {
            reject(put, error);
            return;
        }
        metrics.split(parts.size());
        long now = thread.now();
        room.remove(put.first());
        parts.forEach(part -> room.take(part, now));
        pending.replace(put, put.withFirstReplacedBy(parts));
    }

    private void refused(Put put, SlsException error) throws IOException {
        if (!answered(put) || compressAgain(put, error)) {
            return;
        }
        if (put.isList()) {
            put.halve();
            pending.due(put);
        } else {
            reject(put, error);
        }
    }

    /** Sends the same again if the way in which it was compressed may be why it was refused. */
    private boolean compressAgain(Put put, SlsException error) {
        if (!PutErrors.mayBeAboutCompression(error, put.isList()) || !pending.contains(put)) {
            return false;
        }
        int groups = put.compressAgain();
        if (groups > 0) {
            metrics.recompressed(groups);
            pending.due(put);
        }
        return groups > 0;
    }

    /** Notes that the target works; false when what it answers to has been given away meanwhile. */
    private boolean answered(Put put) {
        outages.answered();
        return pending.contains(put);
    }

    private void reject(Put put, SlsException reason) throws IOException {
        RawLogGroup group = put.first();
        put.removedFirst();
        continueOrSettle(put);
        undelivered.rejected(group, reason);
    }

    /** Some of its groups are settled. */
    private void continueOrSettle(Put put) {
        pending.progressed(put);
        if (pending.isEmpty()) {
            outages.idle();
        }
    }
}
