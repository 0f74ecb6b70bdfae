package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.metrics.ShardMetrics;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.util.Objects;
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
 *
 * <p><b>Groups that an answer passes over</b>, between the cursor that was asked for and the first group of the answer or,
 * of an empty one, its next cursor. How the service answers at an expired cursor is not documented: with an error, or
 * with what comes after. So each answer is held against the cursor it was asked for, by {@link Cursor#number()}. If the
 * service then says that groups there are gone, they are a gap. If it says that it holds them, they are asked for again,
 * as often as an unreadable answer, and then they are a gap, too.
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
    private final MalformedGroups malformed = new MalformedGroups();

    private Cursor cursor;
    private int skip;
    private @Nullable Cursor stopCursor;
    private boolean stopIsFinal;
    private boolean askedForTime;

    /** Where the last answer went on, behind groups that it left out; null when it left out none. */
    private @Nullable Cursor passedOverTo;

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
            this.stopCursor = Cursor.of(split.stopCursor());
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
        if (passedOverTo != null) {
            return new Step.LookUp(Step.Purpose.PASSED_OVER, new CursorOrigin.Begin(), cursor, readOnly, false);
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

    private PullRequest request(int groups, @Nullable Cursor end) {
        return new PullRequest(config.logstore(), shard, cursor.text(), groups, end == null ? null : end.text());
    }

    private boolean isAtStop() {
        return skip == 0 && cursor.equals(stopCursor);
    }

    /** The stop cursor, when it cannot be looked up again. */
    private @Nullable Cursor fixedStop() {
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
            if (batch.groups() > 0 && (batch.next().isEmpty() || batch.next().equals(cursor))) {
                throw new IOException("the cursor does not move over " + batch.groups() + " log groups");
            }
        } catch (IOException e) {
            return unreadable(e);
        }
        Cursor begin = batch.begin(cursor);
        if (!begin.equals(cursor)) {
            failures.answered();
            passedOverTo = begin;
            pauseNanos = 0;
            return new Outcome.Nothing();
        }
        switch (malformed.judge(cursor, index)) {
            case BELIEVED -> failures.clear();
            case FIRST_SEEN -> {
                metrics.failed();
                failures.answered();
                pauseNanos = pace.afterFailure();
                return new Outcome.Nothing();
            }
            case DIFFERENT -> {
                return unreadable(new IOException("it holds malformed log groups, and other ones each time"));
            }
        }
        if (batch.groups() == 0) {
            return idle(step.readOnly());
        }
        size.observe(batch.groups(), batch.length(), nanos);
        return groups(batch, index);
    }

    /**
     * Takes an answer to a pull that is not what it says it is.
     *
     * @throws IOException when answers were unreadable too often
     */
    Outcome unreadable(Exception problem) throws IOException {
        earlyNanos = 0;
        metrics.failed();
        failures.unreadable(cursor, problem);
        pauseNanos = pace.afterFailure();
        return new Outcome.Nothing();
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
        String from = cursor.text();
        int skipped = Math.min(skip, batch.groups());
        cursor = batch.next();
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
        failures.answered();
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
                Cursor to = answer.checkedIsGone() ? step.check() : answer.cursor();
                DataGap gap = new DataGap(cursor, to, receivedAtSeconds, answer.receivedAtSeconds());
                passOver(gap, failures.cursorGap(gap, lostBecause));
                lost = false;
                lostBecause = null;
                finished = answer.checkedIsGone();
                yield finished ? new Outcome.Nothing() : moveTo(answer.cursor());
            }
            case PASSED_OVER -> passedOver(answer);
        };
    }

    /** Takes what the service says of groups that it passed over. */
    private Outcome passedOver(Step.LookedUp answer) throws IOException {
        Cursor to = Objects.requireNonNull(passedOverTo);
        passedOverTo = null;
        boolean gone = answer.checkedIsGone()
                || answer.cursor().equals(to)
                || answer.cursor().isAfter(cursor);
        DataGap gap = new DataGap(cursor, to, receivedAtSeconds, answer.receivedAtSeconds());
        if (!gone && failures.mayBePulledAgain(gap)) {
            metrics.failed();
            pauseNanos = pace.afterFailure();
            return new Outcome.Nothing();
        }
        failures.clear();
        if (config.onExpiredCursor() == ExpiredCursorPolicy.LATEST) {
            lost = true;
            return new Outcome.Nothing();
        }
        passOver(gap, gone ? failures.cursorGap(gap, null) : failures.heldGap(gap));
        return moveTo(to);
    }

    private Outcome moveTo(Cursor newCursor) {
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
