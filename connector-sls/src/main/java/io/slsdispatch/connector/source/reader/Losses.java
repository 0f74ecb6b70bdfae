package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.source.reader.Step.Purpose;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when groups of a shard may be gone before they were read: says what is to be looked up for that, decides
 * where reading continues, and counts what is lost. Groups that are emitted are no loss, so a data gap begins behind them.
 * Plain logic, one thread.
 */
final class Losses {

    private static final Logger LOG = LoggerFactory.getLogger(Losses.class);

    private final ReaderScope scope;
    private final ReadPosition position;
    private final HoleSearch holes;
    private final StopPoint stop;
    private final ReadFailures failures;
    private final Doubts doubts;

    /** Whether the service says that the cursor is gone, so that the oldest data left must be looked up. */
    private boolean refused;

    /** Whether reading continues with what comes from now on. */
    private boolean toLatest;

    private @Nullable SlsException refusal;

    Losses(
            ReaderScope scope,
            ReadPosition position,
            HoleSearch holes,
            StopPoint stop,
            ReadFailures failures,
            Doubts doubts) {
        this.scope = scope;
        this.position = position;
        this.holes = holes;
        this.stop = stop;
        this.failures = failures;
        this.doubts = doubts;
    }

    /** What must be looked up before reading continues; null when nothing must. */
    @Nullable
    Step nextStep() {
        if (toLatest) {
            return new Step.LookUp(Purpose.LATEST, new CursorOrigin.End(), null, false);
        }
        if (refused) {
            return new Step.LookUp(Purpose.BEGIN, new CursorOrigin.Begin(), withoutNumber(stop.fixed()), false);
        }
        return holes.isDue()
                ? new Step.LookUp(
                        Purpose.PASSED_OVER, new CursorOrigin.Begin(), withoutNumber(position.cursor()), false)
                : null;
    }

    /** A cursor of which only the service can say whether it is gone. */
    private static @Nullable Cursor withoutNumber(@Nullable Cursor cursor) {
        return cursor != null && cursor.number().isEmpty() ? cursor : null;
    }

    /** Takes it that the service says again and again that the cursor is gone. */
    void cursorRefused(SlsException error) {
        // What is left is looked up first, so that it can be said how much is lost.
        refused = true;
        refusal = error;
        holes.restart();
    }

    /**
     * Takes the oldest data left, when the service says that the cursor is gone.
     *
     * @return null when that does not fit, and the cursor is to be pulled again
     * @throws IOException when groups are lost and the configuration does not allow to go on
     */
    @Nullable
    Outcome begins(Step.LookedUp answer) throws IOException {
        refused = false;
        Cursor begin = answer.cursor();
        Cursor fixedStop = stop.fixed();
        if (fixedStop != null && (answer.checkedIsGone() || begin.isAtOrAfter(fixedStop))) {
            return lose(fixedStop, true, answer.receivedAtSeconds());
        }
        if (position.cursor().isAtOrAfter(begin)) {
            if (failures.mayBePulledAgain(position.cursor(), begin)) {
                return null;
            }
            failures.clear();
        }
        return gone(begin, true, answer.receivedAtSeconds());
    }

    /**
     * Takes the end of the shard, when reading continues there.
     *
     * @throws IOException when the configuration does not allow to go on
     */
    Outcome latest(Step.LookedUp answer) throws IOException {
        toLatest = false;
        return lose(answer.cursor(), true, answer.receivedAtSeconds());
    }

    /**
     * Takes the oldest data left, when a range was found empty.
     *
     * @throws IOException when groups may be lost and the configuration does not allow to go on
     */
    Outcome passedOver(Step.LookedUp answer) throws IOException {
        Cursor cursor = position.cursor();
        Cursor farSide = Objects.requireNonNull(holes.farSide());
        PassedOver.Verdict verdict = PassedOver.judge(
                cursor,
                farSide,
                answer,
                position.lastKnownReceipt(),
                scope.serviceTime().now());
        return switch (verdict) {
            case JUMP -> {
                doubts.jumped(new DataGap(cursor, farSide, 0, 0));
                holes.passed(farSide);
                yield new Outcome.Nothing();
            }
            case MAYBE_GONE -> gone(farSide, false, answer.receivedAtSeconds());
            case GONE ->
                gone(answer.cursor().isAfter(cursor) ? answer.cursor() : farSide, true, answer.receivedAtSeconds());
        };
    }

    /** Takes it that everything before a cursor is gone; what is emitted is no loss. */
    private Outcome gone(Cursor left, boolean isCertain, long leftSeconds) throws IOException {
        Cursor cursor = position.cursor();
        if (left.isAfter(cursor) && position.behindEmitted().isAtOrAfter(left)) {
            int emittedAndGone = (int) cursor.distanceTo(left).orElse(0);
            return moveTo(new Position(left, position.skip() - emittedAndGone));
        }
        if (scope.config().onExpiredCursor() == ExpiredCursorPolicy.LATEST) {
            toLatest = true;
            return new Outcome.Nothing();
        }
        return lose(left, isCertain, leftSeconds);
    }

    private Outcome lose(Cursor left, boolean isCertain, long leftSeconds) throws IOException {
        DataGap gap = gap(left, leftSeconds);
        count(gap, isCertain ? failures.cursorGap(gap, refusal) : failures.unprovenGap(gap));
        refusal = null;
        return moveTo(Position.at(left));
    }

    private Outcome moveTo(Position left) {
        position.moveTo(left);
        holes.restart();
        stop.forget();
        return new Outcome.Move(left);
    }

    /**
     * Takes it that the shard is gone before it was read to its end.
     *
     * @throws IOException when the configuration does not allow to go on
     */
    void shardIsGone(SlsException error) throws IOException {
        DataGap gap = gap(null, 0);
        count(gap, failures.shardGap(gap, error));
        scope.metrics().shardExpired();
    }

    private DataGap gap(@Nullable Cursor to, long toSeconds) {
        return new DataGap(position.behindEmitted(), to, position.receivedAtSeconds(), toSeconds);
    }

    private void count(DataGap gap, String message) {
        scope.metrics().dataGap(gap.groups().orElse(0), gap.seconds().orElse(0));
        LOG.warn(message);
    }
}
