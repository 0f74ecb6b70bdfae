package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.source.reader.PullAction.LookedUp;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an answer left out whose cursors count more than its groups. Groups may be missing in the answer, they
 * may be gone, or there never were any with these numbers; and the numbers may lie before the first group of the answer or
 * anywhere inside it. So nothing of such an answer is used. The numbers before its last groups are asked for by a range
 * check, a pull that ends there; what that brings is used. When it brings groups, the hole is behind them and fewer groups
 * are asked for, until an answer is whole again or has one group only. When range checks bring nothing several times in a
 * row, the range is empty, and {@link #causeOf} decides why.
 *
 * <p>Each round either uses groups, or halves the groups in question, or ends in an empty range. Plain logic, one thread.
 */
final class EmptyRangeSearch {

    /** Why there are no groups in a range of a shard that was pulled to its end. */
    enum Cause {
        /** There never were any: the service holds what is before the range, and that is young. */
        JUMP,
        /** There may have been some, which are gone. */
        MAYBE_GONE,
        /** There were some, which are gone. */
        GONE
    }

    /** How many range checks in a row must bring nothing: one machine of the service may be behind the others. */
    private static final int CHECKS = 3;

    /** Far more than answers that lack groups bring about. */
    private static final int MOST_SINGLES = 100;

    /** Up to here there is nothing behind the cursor, as was decided; null when nothing was. */
    private @Nullable Cursor emptyUpTo;

    /** The end of the range to be checked; null when none is. */
    private @Nullable Cursor farSide;

    /** Among how many groups the hole is searched; 0 when none is. */
    private int suspects;

    private int emptyChecks;

    /** How many range checks in a row had one group that leaves something out. */
    private int singles;

    /**
     * Whether an answer leaves nothing out. An answer whose cursors have no numbers does not, unless it is empty and its
     * next cursor is another one.
     *
     * @param cursor what was pulled from
     */
    boolean isWhole(Cursor cursor, PulledBatch batch) {
        Cursor base = emptyUpTo == null ? cursor : emptyUpTo;
        if (batch.groups() > 0) {
            return batch.begin(base).equals(base);
        }
        return batch.next().isEmpty() || batch.next().equals(cursor) || base.isAtOrAfter(batch.next());
    }

    /** Takes an answer that leaves something out. */
    void leftOut(Cursor cursor, PulledBatch batch) {
        boolean isFirst = suspects == 0;
        suspects = Math.max(1, batch.groups());
        farSide = isFirst || batch.groups() <= 1 ? batch.begin(cursor) : null;
        emptyChecks = 0;
    }

    /**
     * Whether the answer to a range check has one group with nothing known before it, as many before: each time the range
     * is smaller, but it is never empty. Then the next cursor is not just behind the last group.
     */
    boolean isEndless(Cursor cursor, PulledBatch batch) {
        boolean isSingle = batch.groups() == 1 && !isWhole(cursor, batch);
        singles = isSingle ? singles + 1 : 0;
        return singles > MOST_SINGLES;
    }

    /** Takes a range check that brought nothing. */
    void rangeWasEmpty() {
        emptyChecks++;
    }

    /** Takes a range check that brought groups. */
    void rangeHasGroups() {
        farSide = null;
        emptyChecks = 0;
    }

    /** Takes a range as empty that was pulled often enough. */
    void isEmptyUpTo(Cursor end) {
        farSide = end;
        emptyChecks = CHECKS;
    }

    /** Whether it is to be decided why the range up to {@link #farSide} is empty. */
    boolean isDue() {
        return farSide != null && emptyChecks >= CHECKS;
    }

    /** The end of the range to be checked; null when none is. */
    @Nullable
    Cursor farSide() {
        return farSide;
    }

    /** The most groups to ask for now; {@code wanted} when that is no matter. */
    int limit(int wanted) {
        return suspects == 0 || farSide != null ? wanted : Math.max(1, Math.min(wanted, suspects / 2));
    }

    /** Notes that groups of a whole answer are used, so that the cursor is behind them. */
    void used(int groups) {
        suspects = Math.max(0, suspects - groups);
        emptyUpTo = null;
        farSide = null;
        emptyChecks = 0;
    }

    /** Notes that there is nothing behind the cursor up to here, and that this is no loss. */
    void passed(Cursor end) {
        restart();
        emptyUpTo = end;
    }

    /** Up to where there is nothing behind the cursor; null when that is not known. */
    @Nullable
    Cursor emptyUpTo() {
        return emptyUpTo;
    }

    /** Forgets everything, as the cursor is another one or the same range is to be looked at again. */
    void restart() {
        emptyUpTo = null;
        farSide = null;
        suspects = 0;
        emptyChecks = 0;
    }

    /**
     * Decides why a range is empty: nothing public promises that the numbers of groups are without gaps, and how the
     * service answers at an expired cursor is not documented.
     *
     * @param cursor the beginning of the range
     * @param farSide its end
     * @param answer the beginning of the shard, looked up after the range was found empty
     * @param before when the service received the last group before the range, or a moment before that; null when not known
     */
    static Cause causeOf(Cursor cursor, Cursor farSide, LookedUp answer, @Nullable Instant before, Instant now) {
        Cursor begin = answer.cursor();
        boolean isGone = answer.checkedIsGone()
                || begin.isAfter(cursor)
                || (cursor.number().isEmpty() && begin.equals(farSide));
        if (isGone) {
            return Cause.GONE;
        }
        return cursor.isAtOrAfter(begin) && isYoung(before, answer.retention(), now) ? Cause.JUMP : Cause.MAYBE_GONE;
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
