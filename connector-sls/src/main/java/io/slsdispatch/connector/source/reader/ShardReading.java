package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.metrics.ShardMetrics;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one shard: says which step comes next and when, and what an answer means. At most one step is under way, so
 * groups keep their order. Plain logic, no requests, no waiting; one thread.
 *
 * <p><b>The end of a shard.</b> An idle shard and one that is read to its end answer alike. It is at its end when it was
 * known to be read-only, a request made after that brought nothing, and an end cursor looked up after that equals the
 * position: a late append may still become visible just after the change.
 *
 * <p><b>The end of a bounded run</b> is a cursor that is looked up before anything is pulled, so nothing behind it is
 * read. For a stop time in the future, the cursor moves with what comes in; it is the last one when it was looked up
 * after the service's clock had passed the stop time.
 */
final class ShardReading {

    private static final Logger LOG = LoggerFactory.getLogger(ShardReading.class);

    private final ReaderScope scope;
    private final SourceConfig config;
    private final int shard;
    private final ShardMetrics metrics;
    private final GroupIndex.Builder indexer;
    private final PullSize size;
    private final Pace pace;
    private final ReadFailures failures;

    private String cursor;
    private int skip;
    private @Nullable String stopCursor;
    private boolean stopIsFinal;
    private boolean askedForTime;
    private @Nullable String jumpedTo;
    private boolean lost;
    private @Nullable SlsException lostBecause;

    /** When the service received the group before the cursor, unix seconds; 0 when not known. */
    private long receivedAtSeconds;

    /** Whether the last request, made when the shard was known to be read-only, brought nothing. */
    private boolean drained;

    private boolean finished;
    private long pauseNanos;
    private long earlyNanos;

    ShardReading(
            ShardSplit split,
            ReaderScope scope,
            GroupIndex.Builder indexer,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.scope = scope;
        this.config = scope.config();
        this.shard = split.shard();
        this.metrics = scope.metrics().of(shard);
        this.indexer = indexer;
        this.size =
                new PullSize(config.pulls().maxGroupsPerPull(), config.pulls().maxBufferedBytes());
        this.pace = new Pace(config.pulls(), config.retries().backoff(), random);
        this.failures = new ReadFailures(config, split.shard(), nanoTime);
        this.cursor = split.position().cursor();
        this.skip = split.position().emitted();
        this.receivedAtSeconds = split.receivedAtSeconds();
        if (config.stop() instanceof StoppingPosition.Now && split.stopCursor() != null) {
            this.stopCursor = split.stopCursor();
            this.stopIsFinal = true;
        }
    }

    int shard() {
        return shard;
    }

    /** How long to wait before the next step. */
    long pauseNanos() {
        return pauseNanos;
    }

    /** How much sooner the next step may come, when others are due. */
    long earlyNanos() {
        return earlyNanos;
    }

    /** What comes next. Asking does not change anything. */
    Step nextStep() {
        boolean readOnly = scope.readOnly().contains(shard);
        if (finished || (isAtStop() && stopIsFinal)) {
            return new Step.Finish();
        }
        if (lost) {
            CursorOrigin goOnAt = config.onExpiredCursor() == ExpiredCursorPolicy.LATEST
                    ? new CursorOrigin.End()
                    : new CursorOrigin.Begin();
            return new Step.LookUp(Step.Purpose.BEGIN, goOnAt, fixedStop(), readOnly, false);
        }
        if (jumpedTo != null) {
            return new Step.LookUp(Step.Purpose.JUMP, new CursorOrigin.Begin(), cursor, readOnly, false);
        }
        if (drained && readOnly) {
            return new Step.LookUp(Step.Purpose.END, new CursorOrigin.End(), null, true, false);
        }
        if (config.stop() instanceof StoppingPosition.Now && stopCursor == null) {
            return new Step.LookUp(Step.Purpose.STOP, new CursorOrigin.End(), null, readOnly, true);
        }
        if (config.stop() instanceof StoppingPosition.At at && (stopCursor == null || isAtStop())) {
            if (isAtStop() && !scope.serviceTime().isKnown() && !askedForTime) {
                return new Step.Pull(request(1, null), size.bytes(), readOnly, true);
            }
            boolean isFinal = scope.serviceTime().isPast(at.receiveTime());
            return new Step.LookUp(Step.Purpose.STOP, new CursorOrigin.At(at.receiveTime()), null, readOnly, isFinal);
        }
        return new Step.Pull(request(size.groups(), stopCursor), size.bytes(), readOnly, false);
    }

    private PullRequest request(int groups, @Nullable String end) {
        return new PullRequest(config.logstore(), shard, cursor, groups, end);
    }

    private boolean isAtStop() {
        return skip == 0 && cursor.equals(stopCursor);
    }

    /** The stop cursor, when it cannot be looked up again. */
    private @Nullable String fixedStop() {
        return config.stop() instanceof StoppingPosition.Now ? stopCursor : null;
    }

    /**
     * Takes the answer to a pull.
     *
     * @param nanos from the request to the answer
     * @throws IOException when answers were unreadable too often
     */
    Outcome pulled(Step.Pull step, PulledBatch batch, long nanos) throws IOException {
        earlyNanos = 0;
        scope.serviceTime().observe(batch.serverTimeSeconds());
        if (step.discard()) {
            askedForTime = true;
            return idle(step.readOnly());
        }
        GroupIndex index;
        try {
            index = indexer.index(batch);
            if (batch.groups() > 0
                    && (batch.nextCursor().isEmpty() || batch.nextCursor().equals(cursor))) {
                throw new IOException("the cursor does not move over " + batch.groups() + " log groups");
            }
        } catch (IOException e) {
            metrics.failed();
            failures.unreadable(cursor, e);
            pauseNanos = pace.afterFailure();
            return new Outcome.Nothing();
        }
        failures.clear();
        if (batch.groups() > 0) {
            size.observe(batch.groups(), batch.length(), nanos);
            return groups(batch, index);
        }
        if (!batch.nextCursor().isEmpty() && !batch.nextCursor().equals(cursor)) {
            jumpedTo = batch.nextCursor();
            pauseNanos = 0;
            return new Outcome.Nothing();
        }
        return idle(step.readOnly());
    }

    private Outcome groups(PulledBatch batch, GroupIndex index) {
        drained = false;
        pauseNanos = pace.afterData(batch.endOfShard());
        if (batch.endOfShard()) {
            metrics.pulledUpTo(scope.clock().millis());
        } else if (batch.receivedAtSeconds() > 0) {
            metrics.pulledUpTo(batch.receivedAtSeconds() * 1000);
        }
        if (batch.receivedAtSeconds() > 0) {
            scope.metrics().fetched(batch.receivedAtSeconds());
            receivedAtSeconds = batch.receivedAtSeconds();
        }
        String from = cursor;
        int skipped = Math.min(skip, batch.groups());
        cursor = batch.nextCursor();
        skip -= skipped;
        return skipped == batch.groups() ? new Outcome.Nothing() : new Outcome.Emit(from, batch, index, skipped);
    }

    private Outcome idle(boolean readOnly) {
        drained = readOnly;
        pauseNanos = pace.afterNothing();
        earlyNanos = pace.early();
        metrics.pulledUpTo(scope.clock().millis());
        return new Outcome.Nothing();
    }

    /**
     * Takes the answer to a look-up.
     *
     * @throws IOException when groups are lost and the configuration does not allow to go on
     */
    Outcome lookedUp(Step.LookUp step, Step.LookedUp answer) throws IOException {
        earlyNanos = 0;
        failures.clear();
        pauseNanos = 0;
        return switch (step.purpose()) {
            case STOP -> {
                stopCursor = answer.cursor();
                stopIsFinal = step.isFinal();
                yield isAtStop() && !stopIsFinal ? idle(step.readOnly()) : new Outcome.Nothing();
            }
            case END -> {
                finished = answer.cursor().equals(cursor);
                drained = finished;
                yield new Outcome.Nothing();
            }
            case BEGIN -> {
                String to = answer.checkedIsGone() ? step.check() : answer.cursor();
                DataGap gap = new DataGap(cursor, to, receivedAtSeconds, answer.receivedAtSeconds());
                passOver(gap, failures.cursorGap(gap, lostBecause));
                lost = false;
                lostBecause = null;
                finished = answer.checkedIsGone();
                yield finished ? new Outcome.Nothing() : moveTo(answer.cursor());
            }
            case JUMP -> {
                String to = jumpedTo;
                jumpedTo = null;
                if (to == null) {
                    yield new Outcome.Nothing();
                }
                if (answer.checkedIsGone() || answer.cursor().equals(to)) {
                    if (config.onExpiredCursor() == ExpiredCursorPolicy.LATEST) {
                        lost = true;
                        yield new Outcome.Nothing();
                    }
                    DataGap gap = new DataGap(cursor, to, receivedAtSeconds, answer.receivedAtSeconds());
                    passOver(gap, failures.cursorGap(gap, null));
                }
                yield moveTo(to);
            }
        };
    }

    private Outcome moveTo(String newCursor) {
        cursor = newCursor;
        skip = 0;
        if (config.stop() instanceof StoppingPosition.At) {
            stopCursor = null;
        }
        return new Outcome.Move(Position.at(newCursor));
    }

    /**
     * Takes a failed request.
     *
     * @throws IOException when the job must fail
     */
    Outcome failed(SlsException error) throws IOException {
        earlyNanos = 0;
        scope.metrics().refused(error.errorCode());
        switch (failures.judge(error)) {
            case THROTTLED -> {
                metrics.throttled();
                pauseNanos = pace.afterThrottling();
            }
            case RETRY -> {
                metrics.failed();
                pauseNanos = pace.afterFailure();
            }
            case CURSOR_GONE -> {
                // What is left is looked up first, so that it can be said how much is lost.
                lost = true;
                lostBecause = error;
                pauseNanos = 0;
            }
            case SHARD_GONE -> {
                if (!drained) {
                    DataGap gap = new DataGap(cursor, null, receivedAtSeconds, 0);
                    passOver(gap, failures.shardGap(gap, error));
                    scope.metrics().shardExpired();
                }
                finished = true;
                pauseNanos = 0;
            }
        }
        return new Outcome.Nothing();
    }

    private void passOver(DataGap gap, String message) {
        scope.metrics().dataGap(gap.groups().orElse(0), gap.seconds().orElse(0));
        LOG.warn(message);
    }
}
