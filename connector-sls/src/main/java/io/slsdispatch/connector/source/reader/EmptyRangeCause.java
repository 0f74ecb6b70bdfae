package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.source.reader.PullAction.LookedUp;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why there are no groups in a range of a shard that was pulled to its end: nothing public promises that the numbers of
 * groups are without gaps, and how the service answers at an expired cursor is not documented. Plain logic.
 */
final class EmptyRangeCause {

    enum Verdict {
        /** There never were any: the service holds what is before the range, and that is young. */
        JUMP,
        /** There may have been some, which are gone. */
        MAYBE_GONE,
        /** There were some, which are gone. */
        GONE
    }

    private EmptyRangeCause() {}

    /**
     * Decides.
     *
     * @param cursor the beginning of the range
     * @param farSide its end
     * @param answer the beginning of the shard, looked up after the range was found empty
     * @param before when the service received the last group before the range, or a moment before that; null when not known
     */
    static Verdict judge(Cursor cursor, Cursor farSide, LookedUp answer, @Nullable Instant before, Instant now) {
        Cursor begin = answer.cursor();
        boolean isGone = answer.checkedIsGone()
                || begin.isAfter(cursor)
                || (cursor.number().isEmpty() && begin.equals(farSide));
        if (isGone) {
            return Verdict.GONE;
        }
        return cursor.isAtOrAfter(begin) && isYoung(before, answer.retention(), now)
                ? Verdict.JUMP
                : Verdict.MAYBE_GONE;
    }

    /** Whether retention cannot have taken what came after a moment: at least half of it is left. */
    private static boolean isYoung(@Nullable Instant before, @Nullable Duration retention, Instant now) {
        if (retention == null) {
            return false;
        }
        return retention.isZero()
                || (before != null && Duration.between(before, now).compareTo(retention.dividedBy(2)) <= 0);
    }
}
