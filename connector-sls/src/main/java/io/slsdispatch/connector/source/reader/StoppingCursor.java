package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.Cursor;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a bounded run ends in one shard: a cursor that is looked up before anything is pulled, so that nothing behind it
 * is read. For a stop time in the future, the cursor moves with what comes in; it is the last one when it was looked up
 * after the service's clock had passed the stop time.
 *
 * <p>Plain logic, one thread.
 */
final class StoppingCursor {

    /** How many pulls up to the stop must bring nothing, as well as the time. */
    private static final int PULLS = 3;

    private final StoppingPosition stop;
    private final Duration settleTime;
    private final LongSupplier nanoTime;

    private @Nullable Cursor cursor;
    private boolean isFinal;
    private boolean clockAsked;
    private boolean endAsked;
    private int emptyPulls;
    private long emptySince;

    /**
     * @param known where the run ends, as state has it; null when it does not
     * @param nanoTime as {@link System#nanoTime()}
     */
    StoppingCursor(StoppingPosition stop, @Nullable String known, Duration settleTime, LongSupplier nanoTime) {
        this.stop = stop;
        this.settleTime = settleTime;
        this.nanoTime = nanoTime;
        if (stop instanceof StoppingPosition.Now && known != null) {
            this.cursor = Cursor.of(known);
            this.isFinal = true;
        }
    }

    /** The cursor, exclusive; null when there is none or it is not looked up yet. */
    @Nullable
    Cursor cursor() {
        return cursor;
    }

    /** The cursor, when it cannot be looked up again. */
    @Nullable
    Cursor fixed() {
        return stop instanceof StoppingPosition.Now ? cursor : null;
    }

    /** Takes the answer to a look-up. */
    void found(Cursor found, boolean foundIsFinal) {
        if (!found.equals(cursor)) {
            emptyPulls = 0;
        }
        cursor = found;
        isFinal = foundIsFinal;
        endAsked = false;
    }

    /** Looks again, as the position is another one. */
    void forget() {
        if (stop instanceof StoppingPosition.At) {
            cursor = null;
        }
        emptyPulls = 0;
    }

    /** Whether there is nothing left to read before the cursor as it is known. */
    boolean isReached(Cursor position, @Nullable Cursor emptyUpTo) {
        return cursor != null && (position.isAtOrAfter(cursor) || (emptyUpTo != null && emptyUpTo.isAtOrAfter(cursor)));
    }

    boolean isFinal() {
        return isFinal;
    }

    /** Whether a stop "now" is still to be looked up. */
    boolean isNowUnknown() {
        return stop instanceof StoppingPosition.Now && cursor == null;
    }

    /** The stop time; null when there is none. */
    StoppingPosition.@Nullable At time() {
        return stop instanceof StoppingPosition.At at ? at : null;
    }

    /** Whether the service must be asked what time it is, which costs a pull; once. */
    boolean isClockToBeAsked(ServiceTime time) {
        return !time.isKnown() && !clockAsked;
    }

    /** Notes that both were asked. */
    void asked() {
        clockAsked = true;
        endAsked = true;
    }

    /** Whether, at a stop that can still move, it is to be asked whether anything follows. */
    boolean isEndToBeAsked() {
        return !endAsked;
    }

    /** Takes a pull up to the cursor that brought something. */
    void pulledGroups() {
        emptyPulls = 0;
    }

    /**
     * Takes a pull up to the cursor that brought nothing.
     *
     * @param more whether the service says that the shard goes on there
     * @return whether it is believed that there is nothing up to the cursor, since groups follow it
     */
    boolean pulledNothing(boolean more) {
        if (emptyPulls == 0) {
            emptySince = nanoTime.getAsLong();
        }
        emptyPulls++;
        return more && emptyPulls >= PULLS && nanoTime.getAsLong() - emptySince >= settleTime.toNanos();
    }

    /** How many pulls up to the cursor in a row brought nothing. */
    int emptyPulls() {
        return emptyPulls;
    }
}
