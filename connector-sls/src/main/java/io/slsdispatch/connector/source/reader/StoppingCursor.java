package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.Cursor;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cursor at which a bounded run ends in one shard. It is looked up before the first pull, so that nothing after it is
 * read. For a stop time in the future, the cursor moves as data arrives; it is final if it was looked up after the
 * service's clock had passed the stop time.
 *
 * <p>Plain logic, one thread.
 */
final class StoppingCursor {

    /** Number of pulls up to the stop that must return nothing, in addition to the time. */
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
     * @param known the stop cursor from state; null if there is none
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

    /** Returns the cursor, exclusive; null if there is none or it is not looked up yet. */
    @Nullable
    Cursor cursor() {
        return cursor;
    }

    /** Returns the cursor if it is fixed, so that it cannot be looked up again; otherwise null. */
    @Nullable
    Cursor fixed() {
        return stop instanceof StoppingPosition.Now ? cursor : null;
    }

    /** Sets the cursor from the result of a look-up. */
    void found(Cursor found, boolean foundIsFinal) {
        if (!found.equals(cursor)) {
            emptyPulls = 0;
        }
        cursor = found;
        isFinal = foundIsFinal;
        endAsked = false;
    }

    /** Resets the cursor for another look-up, because the position changed. */
    void forget() {
        if (stop instanceof StoppingPosition.At) {
            cursor = null;
        }
        emptyPulls = 0;
    }

    /** Returns whether nothing is left to read before the cursor as known now. */
    boolean isReached(Cursor position, @Nullable Cursor emptyUpTo) {
        return cursor != null && (position.isAtOrAfter(cursor) || (emptyUpTo != null && emptyUpTo.isAtOrAfter(cursor)));
    }

    boolean isFinal() {
        return isFinal;
    }

    /** Returns whether a stop "now" still has to be looked up. */
    boolean isNowUnknown() {
        return stop instanceof StoppingPosition.Now && cursor == null;
    }

    /** Returns the stop time; null if there is none. */
    StoppingPosition.@Nullable At time() {
        return stop instanceof StoppingPosition.At at ? at : null;
    }

    /** Returns whether to request the service's time, which costs a pull; done once. */
    boolean isClockToBeAsked(ServiceTime time) {
        return !time.isKnown() && !clockAsked;
    }

    /** Records that the service's time and the end of the shard were requested. */
    void asked() {
        clockAsked = true;
        endAsked = true;
    }

    /** Returns whether to check if anything follows a stop that can still move. */
    boolean isEndToBeAsked() {
        return !endAsked;
    }

    /** Records a pull up to the cursor that returned groups. */
    void pulledGroups() {
        emptyPulls = 0;
    }

    /**
     * Records a pull up to the cursor that returned nothing.
     *
     * @param more whether the service reports that more follows in the shard
     * @return whether the range up to the cursor counts as empty, because groups follow it
     */
    boolean pulledNothing(boolean more) {
        if (emptyPulls == 0) {
            emptySince = nanoTime.getAsLong();
        }
        emptyPulls++;
        return more && emptyPulls >= PULLS && nanoTime.getAsLong() - emptySince >= settleTime.toNanos();
    }

    /** Returns how many consecutive pulls up to the cursor returned nothing. */
    int emptyPulls() {
        return emptyPulls;
    }
}
