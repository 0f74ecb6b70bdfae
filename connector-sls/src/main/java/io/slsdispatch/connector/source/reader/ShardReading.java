package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.metrics.ShardMetrics;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.source.reader.Step.Purpose;
import io.slsdispatch.connector.source.reader.Step.Use;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Reads one shard: says which step comes next and when, and what an answer means. At most one step is pending, so groups
 * keep their order. Plain logic, no requests, no waiting; one thread.
 *
 * <p>When the shard is read to its end is decided by {@link EndOfShard}, where a bounded run ends by {@link StopPoint}.
 *
 * <p><b>Groups that an answer leaves out</b>, by its cursors: each answer is held against the cursor it was asked for,
 * {@link HoleSearch} finds the range in which there is nothing, {@link PassedOver} decides whether groups are gone there or
 * never were, and {@link Losses} says where reading continues.
 */
final class ShardReading {

    private final ReaderScope scope;
    private final SourceConfig config;
    private final int shard;
    private final ShardMetrics metrics;
    private final GroupIndex.Builder indexer;
    private final PullSize size;
    private final Pace pace;
    private final ReadFailures failures;
    private final MalformedGroups malformed = new MalformedGroups();
    private final StopPoint stop;
    private final EndOfShard end;
    private final HoleSearch holes = new HoleSearch();
    private final Doubts doubts;
    private final ReadPosition position;
    private final Losses losses;

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
        this.stop = new StopPoint(
                config.stop(), split.stopCursor(), config.discovery().settleTime(), nanoTime);
        this.end = new EndOfShard(config.discovery().settleTime(), nanoTime);
        this.doubts = new Doubts("Shard " + shard + " of " + config.logstore(), shard, scope.metrics(), nanoTime);
        this.position = new ReadPosition(split);
        this.losses = new Losses(scope, position, holes, stop, failures, doubts);
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
        if (finished || (isAtStop() && stop.isFinal())) {
            return new Step.Finish();
        }
        Step forLosses = losses.nextStep();
        if (forLosses != null) {
            return forLosses;
        }
        if (holes.farSide() != null) {
            return pull(size.groups(), holes.farSide(), Use.CHECK_RANGE);
        }
        if (end.isToBeLookedUp()) {
            return new Step.LookUp(Purpose.END, new CursorOrigin.End(), null, false);
        }
        if (stop.isNowUnknown()) {
            return new Step.LookUp(Purpose.STOP, new CursorOrigin.End(), null, true);
        }
        StoppingPosition.At time = stop.time();
        if (time != null && (stop.cursor() == null || isAtStop())) {
            return lookForStop(time);
        }
        return pull(holes.limit(size.groups()), stop.cursor(), Use.READ);
    }

    private Step lookForStop(StoppingPosition.At time) {
        boolean mayHaveEnded = scope.readOnly().contains(shard) && stop.isEndToBeAsked();
        if (isAtStop() && (stop.isClockToBeAsked(scope.serviceTime()) || mayHaveEnded)) {
            return pull(1, null, Use.LOOK);
        }
        boolean isFinal = scope.serviceTime().isPast(time.receiveTime());
        return new Step.LookUp(Purpose.STOP, new CursorOrigin.At(time.receiveTime()), null, isFinal);
    }

    private Step.Pull pull(int groups, @Nullable Cursor upTo, Use use) {
        PullRequest request = new PullRequest(
                config.logstore(), shard, position.cursor().text(), groups, upTo == null ? null : upTo.text());
        boolean readOnly = scope.readOnly().contains(shard);
        boolean settled =
                readOnly && scope.readOnly().isSettled(shard, config.discovery().settleTime());
        return new Step.Pull(request, size.bytes(), readOnly, settled, use);
    }

    /** The place behind what is emitted, and behind what is known to be empty. */
    private Cursor reached() {
        Cursor empty = holes.emptyUpTo();
        Cursor behindEmitted = position.behindEmitted();
        return empty != null && empty.isAfter(behindEmitted) ? empty : behindEmitted;
    }

    private boolean isAtStop() {
        return stop.isReached(reached(), holes.emptyUpTo());
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
        if (step.use() == Use.LOOK) {
            stop.asked();
            if (batch.groups() == 0) {
                return idle(step);
            }
            end.pulledGroups();
            return rest();
        }
        GroupIndex index;
        try {
            index = indexer.index(batch);
            if (batch.movesTooLittle(position.cursor())) {
                // From there on, groups of this answer would come again.
                throw new IOException("the cursor does not move over " + batch.groups()
                        + " log groups: the next one is " + batch.next());
            }
            if (step.use() == Use.CHECK_RANGE && holes.isEndless(position.cursor(), batch)) {
                throw new IOException("the next cursor " + batch.next() + " is not just behind the only log group");
            }
        } catch (IOException e) {
            return unreadable(e);
        }
        failures.answered();
        if (step.use() == Use.CHECK_RANGE && batch.groups() == 0) {
            return rangeIsEmpty(batch.endOfShard());
        }
        holes.rangeHasGroups();
        if (!holes.isWhole(position.cursor(), batch)) {
            holes.leftOut(position.cursor(), batch);
            pauseNanos = 0;
            return new Outcome.Nothing();
        }
        switch (malformed.judge(position.cursor(), index)) {
            case BELIEVED -> failures.clear();
            case FIRST_SEEN -> {
                metrics.failed();
                failures.answered();
                pauseNanos = pace.afterFailure();
                return new Outcome.Nothing();
            }
            case DIFFERENT -> {
                return unreadable(new IOException("it contains malformed log groups, and different ones each time"));
            }
        }
        if (batch.groups() > 0) {
            size.observe(batch.groups(), batch.length(), nanos);
            return groups(batch, index);
        }
        return nothing(step, batch);
    }

    /**
     * Takes an answer to a pull that is not what it says it is.
     *
     * @throws IOException when answers were unreadable too often
     */
    Outcome unreadable(Exception problem) throws IOException {
        earlyNanos = 0;
        metrics.failed();
        failures.unreadable(position.cursor(), problem);
        pauseNanos = pace.afterFailure();
        return new Outcome.Nothing();
    }

    private Outcome rangeIsEmpty(boolean atEnd) {
        holes.rangeWasEmpty();
        // Where the service says that nothing follows, it may be a machine that is behind.
        pauseNanos = atEnd ? pace.afterFailure() : 0;
        return new Outcome.Nothing();
    }

    private Outcome groups(PulledBatch batch, GroupIndex index) {
        end.pulledGroups();
        stop.pulledGroups();
        doubts.settled();
        holes.used(batch.groups());
        pauseNanos = pace.afterData(batch.endOfShard());
        if (batch.endOfShard()) {
            metrics.pulledUpTo(scope.clock().millis());
        } else if (batch.receivedAtSeconds() > 0) {
            metrics.pulledUpTo(batch.receivedAtSeconds() * 1000);
        }
        if (batch.receivedAtSeconds() > 0) {
            scope.metrics().fetched(batch.receivedAtSeconds());
        }
        String from = position.cursor().text();
        int skipped = position.moveBehind(batch);
        return skipped == batch.groups() ? new Outcome.Nothing() : new Outcome.Emit(from, batch, index, skipped);
    }

    private Outcome nothing(Step.Pull step, PulledBatch batch) {
        Cursor upTo = stop.cursor();
        if (upTo != null) {
            if (stop.pulledNothing(!batch.endOfShard())) {
                holes.isEmptyUpTo(upTo);
            } else if (stop.emptyPulls() > 1) {
                doubts.waitsFor("the end of the run", upTo, position.cursor());
            }
        }
        Outcome idle = idle(step);
        if (batch.next().equals(holes.emptyUpTo())) {
            // Up to here it was decided that there is nothing; this is how the service writes it.
            Position same = new Position(batch.next(), position.skip());
            position.moveTo(same);
            holes.restart();
            return new Outcome.Move(same);
        }
        return idle;
    }

    private Outcome idle(Step.Pull step) {
        end.pulledNothing(step.readOnly(), step.settled());
        metrics.pulledUpTo(scope.clock().millis());
        return rest();
    }

    private Outcome rest() {
        pauseNanos = pace.afterNothing();
        earlyNanos = pace.early();
        return new Outcome.Nothing();
    }

    /**
     * Takes the answer to a look-up.
     *
     * @throws IOException when groups are lost and the configuration does not allow to go on
     */
    Outcome lookedUp(Step.LookUp step, Step.LookedUp answer) throws IOException {
        earlyNanos = 0;
        failures.answered();
        pauseNanos = 0;
        return switch (step.purpose()) {
            case STOP -> {
                stop.found(answer.cursor(), step.isFinal());
                yield isAtStop() && !step.isFinal() ? rest() : new Outcome.Nothing();
            }
            case END -> ends(answer.cursor());
            case BEGIN -> {
                Outcome outcome = losses.begins(answer);
                yield outcome == null ? again() : outcome;
            }
            case LATEST -> losses.latest(answer);
            case PASSED_OVER -> losses.passedOver(answer);
        };
    }

    private Outcome ends(Cursor at) {
        switch (end.ends(reached(), at)) {
            case REACHED -> {
                finished = true;
                doubts.settled();
            }
            case READ_ON -> pauseNanos = 0;
            case CONTRADICTED -> {
                doubts.waitsFor("the end of the shard", at, position.cursor());
                pauseNanos = pace.afterContradiction(end.contradictions());
            }
        }
        return new Outcome.Nothing();
    }

    private Outcome again() {
        metrics.failed();
        pauseNanos = pace.afterFailure();
        return new Outcome.Nothing();
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
            case RETRY -> again();
            case CURSOR_GONE -> {
                losses.cursorRefused(error);
                pauseNanos = 0;
            }
            case SHARD_GONE -> {
                if (!end.isDrained()) {
                    losses.shardIsGone(error);
                }
                finished = true;
                doubts.settled();
                pauseNanos = 0;
            }
        }
        return new Outcome.Nothing();
    }
}
