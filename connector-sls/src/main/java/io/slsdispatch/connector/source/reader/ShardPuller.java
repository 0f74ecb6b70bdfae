package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.metrics.Problem.Kind;
import io.slsdispatch.connector.metrics.ShardMetrics;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.source.reader.PullAction.PullResult;
import io.slsdispatch.connector.source.reader.PullAction.Purpose;
import io.slsdispatch.connector.source.reader.PullAction.Use;
import io.slsdispatch.connector.source.reader.ReadFailures.MalformedGroups;
import io.slsdispatch.connector.source.reader.ReadFailures.ZstdFallback;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Logic of pulling one shard: decides the next action and its time, and interprets the response. At most one action is
 * pending, so groups keep their order. Plain logic: sends no requests and never blocks; one thread.
 *
 * <p>{@link ShardEndDetector} decides when the shard is read to the end, {@link StoppingCursor} where a bounded run
 * ends.
 *
 * <b>Groups missing from a response</b> are detected by its cursors. Each response is compared with the cursor it was
 * requested for. {@link EmptyRangeSearch} finds the empty range and decides whether groups are gone or never existed
 * there. {@link DataLossHandler} decides where reading continues.
 */
final class ShardPuller {

    private final ReaderEnvironment env;
    private final SourceConfig config;
    private final int shard;
    private final ShardMetrics metrics;
    private final GroupIndex.Builder indexer;
    private final PullSize size;
    private final PollBackoff backoff;
    private final ReadFailures failures;
    private final MalformedGroups malformed = new MalformedGroups();
    private final ZstdFallback zstd;
    private final StoppingCursor stop;
    private final ShardEndDetector end;
    private final EmptyRangeSearch emptyRanges = new EmptyRangeSearch();
    private final AnomalyReporter anomalies;
    private final ReadPosition position;
    private final DataLossHandler dataLoss;

    private boolean finished;
    private long pauseNanos;
    private long earlyNanos;

    ShardPuller(
            ShardSplit split,
            ReaderEnvironment env,
            GroupIndex.Builder indexer,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.env = env;
        this.config = env.config();
        this.shard = split.shard();
        this.metrics = env.metrics().of(shard);
        this.indexer = indexer;
        this.size =
                new PullSize(config.pulls().maxGroupsPerPull(), config.pulls().maxBufferedBytes());
        this.backoff = new PollBackoff(config.pulls(), config.retries().backoff(), random);
        this.failures = new ReadFailures(env, split.shard(), nanoTime);
        this.zstd = new ZstdFallback(env, nanoTime);
        this.stop = new StoppingCursor(
                config.stop(), split.stopCursor(), config.discovery().settleTime(), nanoTime);
        this.end = new ShardEndDetector(config.discovery().settleTime(), nanoTime);
        this.anomalies =
                new AnomalyReporter("Shard " + shard + " of " + config.logstore(), shard, env.metrics(), nanoTime);
        this.position = new ReadPosition(split);
        this.dataLoss = new DataLossHandler(env, position, emptyRanges, stop, failures, anomalies);
    }

    int shard() {
        return shard;
    }

    /** Returns the pause before the next action. */
    long pauseNanos() {
        return pauseNanos;
    }

    /** Returns how much earlier the next action may start, together with other due actions. */
    long earlyNanos() {
        return earlyNanos;
    }

    /** Returns the next action, without side effects. */
    PullAction nextAction() {
        if (finished || (isAtStop() && stop.isFinal())) {
            return new PullAction.Finish();
        }
        PullAction forDataLoss = dataLoss.nextAction();
        if (forDataLoss != null) {
            return forDataLoss;
        }
        if (emptyRanges.farSide() != null) {
            return pull(size.groups(), emptyRanges.farSide(), Use.CHECK_RANGE);
        }
        if (end.isToBeLookedUp()) {
            return new PullAction.LookUp(Purpose.END, new CursorOrigin.End(), null, false);
        }
        if (stop.isNowUnknown()) {
            return new PullAction.LookUp(Purpose.STOP, new CursorOrigin.End(), null, true);
        }
        StoppingPosition.At time = stop.time();
        if (time != null && (stop.cursor() == null || isAtStop())) {
            return lookForStop(time);
        }
        return pull(emptyRanges.limit(size.groups()), stop.cursor(), Use.READ);
    }

    private PullAction lookForStop(StoppingPosition.At time) {
        boolean mayHaveEnded = env.readOnly().contains(shard) && stop.isEndToBeAsked();
        if (isAtStop() && (stop.isClockToBeAsked(env.serviceTime()) || mayHaveEnded)) {
            return pull(1, null, Use.PEEK);
        }
        boolean isFinal = env.serviceTime().isPast(time.receiveTime());
        return new PullAction.LookUp(Purpose.STOP, new CursorOrigin.At(time.receiveTime()), null, isFinal);
    }

    private PullAction.Pull pull(int groups, @Nullable Cursor upTo, Use use) {
        PullRequest request = new PullRequest(
                config.logstore(),
                shard,
                position.cursor().text(),
                groups,
                upTo == null ? null : upTo.text(),
                zstd.compression());
        boolean readOnly = env.readOnly().contains(shard);
        boolean settled =
                readOnly && env.readOnly().isSettled(shard, config.discovery().settleTime());
        return new PullAction.Pull(request, size.bytes(), readOnly, settled, use);
    }

    /** Returns the position after the emitted groups and after the range that is known to be empty. */
    private Cursor reached() {
        Cursor empty = emptyRanges.emptyUpTo();
        Cursor behindEmitted = position.behindEmitted();
        return empty != null && empty.isAfter(behindEmitted) ? empty : behindEmitted;
    }

    private boolean isAtStop() {
        return stop.isReached(reached(), emptyRanges.emptyUpTo());
    }

    /**
     * Processes the response to a pull.
     *
     * @param nanos from the request to the response
     * @param ageNanos since the response arrived
     * @throws IOException if responses were unreadable too often
     */
    PullResult pulled(PullAction.Pull action, PulledBatch batch, long nanos, long ageNanos) throws IOException {
        earlyNanos = 0;
        env.serviceTime().observe(batch.serverTimeSeconds(), ageNanos);
        zstd.answered(action.request(), batch);
        if (action.use() == Use.PEEK) {
            return peeked(action, batch);
        }
        GroupIndex index;
        try {
            index = index(action, batch);
        } catch (IOException e) {
            return unreadable(action, e);
        }
        failures.answered();
        env.metrics().problems().works(shard);
        if (action.use() == Use.CHECK_RANGE && batch.groups() == 0) {
            return rangeIsEmpty(batch.endOfShard());
        }
        emptyRanges.rangeHasGroups();
        if (!emptyRanges.isWhole(position.cursor(), batch)) {
            emptyRanges.leftOut(position.cursor(), batch);
            pauseNanos = 0;
            return new PullResult.Nothing();
        }
        return switch (malformed.judge(position.cursor(), index)) {
            case BELIEVED -> {
                failures.clear();
                yield batch.groups() > 0 ? groups(batch, index, nanos) : nothing(action, batch);
            }
            case FIRST_SEEN -> {
                failures.answered();
                yield again();
            }
            case DIFFERENT ->
                unreadable(
                        action,
                        new IOException("the response contains malformed log groups, different ones each time"));
        };
    }

    private PullResult peeked(PullAction.Pull action, PulledBatch batch) {
        stop.asked();
        if (batch.groups() == 0) {
            return idle(action);
        }
        end.pulledGroups();
        return rest();
    }

    /**
     * Returns the groups of a response.
     *
     * @throws IOException if the response contradicts itself
     */
    private GroupIndex index(PullAction.Pull action, PulledBatch batch) throws IOException {
        GroupIndex index = indexer.index(batch);
        if (batch.movesTooLittle(position.cursor())) {
            // After that cursor, groups of this response would be pulled again.
            throw new IOException("the cursor does not advance past " + batch.groups()
                    + " log groups: the next cursor is " + batch.next());
        }
        if (action.use() == Use.CHECK_RANGE && emptyRanges.isEndless(position.cursor(), batch)) {
            throw new IOException("the next cursor " + batch.next() + " is not directly after the only log group");
        }
        return index;
    }

    /**
     * Processes an inconsistent response to a pull.
     *
     * @throws IOException if responses were unreadable too often
     */
    PullResult unreadable(PullAction.Pull action, Exception problem) throws IOException {
        zstd.unreadable(action.request());
        earlyNanos = 0;
        metrics.failed();
        failures.unreadable(position.cursor(), problem);
        pauseNanos = backoff.afterFailure();
        fails(Kind.REFUSED, problem);
        return new PullResult.Nothing();
    }

    private PullResult rangeIsEmpty(boolean atEnd) {
        emptyRanges.rangeWasEmpty();
        // If the service reports that nothing follows, the response may come from a machine that lags.
        pauseNanos = atEnd ? backoff.afterFailure() : 0;
        return new PullResult.Nothing();
    }

    private PullResult groups(PulledBatch batch, GroupIndex index, long nanos) {
        size.observe(batch.groups(), batch.length(), nanos);
        end.pulledGroups();
        stop.pulledGroups();
        anomalies.settled();
        emptyRanges.used(batch.groups());
        pauseNanos = backoff.afterData(batch.endOfShard());
        if (batch.endOfShard()) {
            metrics.pulledUpTo(env.clock().millis());
        } else if (batch.receivedAtSeconds() > 0) {
            metrics.pulledUpTo(batch.receivedAtSeconds() * 1000);
        }
        if (batch.receivedAtSeconds() > 0) {
            env.metrics().fetched(batch.receivedAtSeconds());
        }
        String from = position.cursor().text();
        int skipped = position.moveBehind(batch);
        return skipped == batch.groups() ? new PullResult.Nothing() : new PullResult.Emit(from, batch, index, skipped);
    }

    private PullResult nothing(PullAction.Pull action, PulledBatch batch) {
        Cursor upTo = stop.cursor();
        if (upTo != null) {
            if (stop.pulledNothing(!batch.endOfShard())) {
                emptyRanges.isEmptyUpTo(upTo);
            } else if (stop.emptyPulls() > 1) {
                anomalies.waitsFor("the end of the run", upTo, position.cursor());
            }
        }
        PullResult idle = idle(action);
        if (batch.next().equals(emptyRanges.emptyUpTo())) {
            // The range up to this cursor is known to be empty; this is the service's own form of the cursor.
            Position same = new Position(batch.next(), position.skip());
            position.moveTo(same);
            emptyRanges.restart();
            return new PullResult.Move(same);
        }
        return idle;
    }

    private PullResult idle(PullAction.Pull action) {
        end.pulledNothing(action.readOnly(), action.settled());
        metrics.pulledUpTo(env.clock().millis());
        return rest();
    }

    private PullResult rest() {
        pauseNanos = backoff.afterNothing();
        earlyNanos = backoff.early();
        return new PullResult.Nothing();
    }

    /**
     * Processes the response to a look-up.
     *
     * @throws IOException if groups are lost and the configuration does not allow the job to continue
     */
    PullResult lookedUp(PullAction.LookUp action, PullAction.LookedUp answer) throws IOException {
        earlyNanos = 0;
        failures.answered();
        env.metrics().problems().works(shard);
        pauseNanos = 0;
        return switch (action.purpose()) {
            case STOP -> {
                stop.found(answer.cursor(), action.isFinal());
                metrics.stopsAt(answer.cursor().text());
                yield isAtStop() && !action.isFinal() ? rest() : new PullResult.Nothing();
            }
            case END -> ends(answer.cursor());
            case BEGIN -> {
                PullResult result = dataLoss.begins(answer);
                yield result == null ? again() : result;
            }
            case LATEST -> dataLoss.latest(answer);
            case EMPTY_RANGE -> dataLoss.rangeIsEmpty(answer);
        };
    }

    private PullResult ends(Cursor at) {
        switch (end.ends(reached(), at)) {
            case REACHED -> {
                finished = true;
                anomalies.settled();
            }
            case READ_ON -> pauseNanos = 0;
            case CONTRADICTED -> {
                anomalies.waitsFor("the end of the shard", at, position.cursor());
                pauseNanos = backoff.afterContradiction(end.contradictions());
            }
        }
        return new PullResult.Nothing();
    }

    private PullResult again() {
        metrics.failed();
        pauseNanos = backoff.afterFailure();
        return new PullResult.Nothing();
    }

    /**
     * Processes a failed request.
     *
     * @throws IOException if the job must fail
     */
    PullResult failed(PullAction action, SlsException error) throws IOException {
        earlyNanos = 0;
        env.metrics().refused(error.errorCode());
        if (action instanceof PullAction.Pull pull && zstd.failed(pull.request(), error)) {
            pauseNanos = 0;
            return new PullResult.Nothing();
        }
        switch (failures.judge(error)) {
            case THROTTLED -> {
                metrics.throttled();
                pauseNanos = backoff.afterThrottling();
                fails(Kind.THROTTLED, error);
            }
            case RETRY -> {
                PullResult nothing = again();
                boolean denied = error.kind() == ErrorKind.UNAUTHORIZED || error.kind() == ErrorKind.NOT_FOUND;
                fails(denied ? Kind.DENIED : Kind.UNAVAILABLE, error);
                return nothing;
            }
            case CURSOR_GONE -> {
                dataLoss.cursorRefused(error);
                pauseNanos = 0;
            }
            case SHARD_GONE -> {
                if (!end.isDrained()) {
                    dataLoss.shardIsGone(error);
                }
                finished = true;
                anomalies.settled();
                pauseNanos = 0;
            }
        }
        return new PullResult.Nothing();
    }

    private void fails(Kind kind, Exception error) {
        Duration pause = Duration.ofNanos(pauseNanos);
        env.metrics().problems().failed(shard, kind, String.valueOf(error.getMessage()), pause, failures.left());
    }
}
