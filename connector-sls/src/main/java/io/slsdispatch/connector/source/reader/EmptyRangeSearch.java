package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.source.reader.PullAction.LookedUp;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Search for the groups that a response lacks, when its cursors count more groups than it contains. Groups may be
 * missing from the response only, they may be gone, or there never were groups with these numbers; and the missing
 * numbers may be before the first group of the response or anywhere inside it. So no part of such a response is used. A
 * range check, a pull that ends before the last groups of the response, requests the numbers before them, and its
 * groups are used. If it returns groups, the hole is after them, and fewer groups are requested, until a response is
 * complete again or contains only one group. If several range checks in a row return nothing, the range is empty, and
 * {@link #causeOf} decides why.
 *
 * <p>Each round uses groups, or halves the groups in question, or ends in an empty range. Plain logic, one thread.
 */
final class EmptyRangeSearch {

    /** Why there are no groups in a range of a shard that was pulled to its end. */
    enum Cause {
        /** There never were any: the service still holds the data before the range, and that data is recent. */
        JUMP,
        /** There may have been groups, which are gone. */
        MAYBE_GONE,
        /** There were groups, which are gone. */
        GONE
    }

    /** Number of consecutive range checks that must return nothing, because one machine of the service may lag. */
    private static final int CHECKS = 3;

    /** Far more than incomplete responses can cause. */
    private static final int MOST_SINGLES = 100;

    /** End of the range after the cursor that was decided to be empty; null if there is none. */
    private @Nullable Cursor emptyUpTo;

    /** End of the range to check; null if there is none. */
    private @Nullable Cursor farSide;

    /** Number of groups among which the hole is searched; 0 if there is no search. */
    private int suspects;

    private int emptyChecks;

    /** Number of consecutive range checks that returned one group with groups missing before it. */
    private int singles;

    /**
     * Returns whether a response is complete. A response whose cursors have no numbers is complete, unless it is empty
     * and its next cursor differs.
     *
     * @param cursor the cursor that was pulled from
     */
    boolean isWhole(Cursor cursor, PulledBatch batch) {
        Cursor base = emptyUpTo == null ? cursor : emptyUpTo;
        if (batch.groups() > 0) {
            return batch.begin(base).equals(base);
        }
        return batch.next().isEmpty() || batch.next().equals(cursor) || base.isAtOrAfter(batch.next());
    }

    /** Records an incomplete response. */
    void leftOut(Cursor cursor, PulledBatch batch) {
        boolean isFirst = suspects == 0;
        suspects = Math.max(1, batch.groups());
        farSide = isFirst || batch.groups() <= 1 ? batch.begin(cursor) : null;
        emptyChecks = 0;
    }

    /**
     * Returns whether the range check returned a single group that leaves something out, as many did before: each time
     * the range is smaller, but it is never empty. Then the next cursor is not directly after the last group.
     */
    boolean isEndless(Cursor cursor, PulledBatch batch) {
        boolean isSingle = batch.groups() == 1 && !isWhole(cursor, batch);
        singles = isSingle ? singles + 1 : 0;
        return singles > MOST_SINGLES;
    }

    /** Records that a range check returned nothing. */
    void rangeWasEmpty() {
        emptyChecks++;
    }

    /** Records that a range check returned groups. */
    void rangeHasGroups() {
        farSide = null;
        emptyChecks = 0;
    }

    /** Records that a range is empty, because it was pulled often enough. */
    void isEmptyUpTo(Cursor end) {
        farSide = end;
        emptyChecks = CHECKS;
    }

    /** Returns whether it must be decided why the range up to {@link #farSide} is empty. */
    boolean isDue() {
        return farSide != null && emptyChecks >= CHECKS;
    }

    /** Returns the end of the range to check; null if there is none. */
    @Nullable
    Cursor farSide() {
        return farSide;
    }

    /** Returns the maximum number of groups to request now; {@code wanted} if there is no restriction. */
    int limit(int wanted) {
        return suspects == 0 || farSide != null ? wanted : Math.max(1, Math.min(wanted, suspects / 2));
    }

    /** Records that groups of a complete response are used, so that the cursor is after them. */
    void used(int groups) {
        suspects = Math.max(0, suspects - groups);
        emptyUpTo = null;
        farSide = null;
        emptyChecks = 0;
    }

    /** Records that the range from the cursor to this end is empty, and that this is no loss. */
    void passed(Cursor end) {
        restart();
        emptyUpTo = end;
    }

    /** Returns the end of the empty range after the cursor; null if not known. */
    @Nullable
    Cursor emptyUpTo() {
        return emptyUpTo;
    }

    /** Resets the search, because the cursor changed or the same range must be checked again. */
    void restart() {
        emptyUpTo = null;
        farSide = null;
        suspects = 0;
        emptyChecks = 0;
    }

    /**
     * Decides why a range is empty. No public document guarantees that the numbers of groups have no gaps, or specifies
     * the response to a pull from an expired cursor.
     *
     * @param cursor the beginning of the range
     * @param farSide the end of the range
     * @param answer the begin cursor of the shard, looked up after the range was found empty
     * @param before when the service received the last group before the range, or an earlier time; null if not known
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

    /** Returns whether data after this time cannot have expired: at least half of the retention is left. */
    private static boolean isYoung(@Nullable Instant before, @Nullable Duration retention, Instant now) {
        if (retention == null) {
            return false;
        }
        return retention.isZero()
                || (before != null && Duration.between(before, now).compareTo(retention.dividedBy(2)) <= 0);
    }
}
