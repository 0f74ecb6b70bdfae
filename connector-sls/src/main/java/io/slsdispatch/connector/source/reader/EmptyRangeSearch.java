package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.PulledBatch;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an answer left out whose cursors count more than its groups. Groups may be missing in the answer, they
 * may be gone, or there never were any with these numbers; and the numbers may lie before the first group of the answer or
 * anywhere inside it. So nothing of such an answer is used. The numbers before its last groups are asked for by a range
 * check, a pull that ends there; what that brings is used. When it brings groups, the hole is behind them and fewer groups
 * are asked for, until an answer is whole again or has one group only. When range checks bring nothing several times in a
 * row, the range is empty: {@link EmptyRangeCause} then decides why.
 *
 * <p>Each round either uses groups, or halves the groups in question, or ends in an empty range. Plain logic, one thread.
 */
final class EmptyRangeSearch {

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
}
