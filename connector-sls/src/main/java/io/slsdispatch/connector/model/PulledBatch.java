package io.slsdispatch.connector.model;

import java.util.OptionalLong;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one pull, decompressed and not yet parsed: a serialized {@code LogGroupList}.
 *
 * @param data the serialized list, from 0 to {@code length}
 * @param length number of valid bytes in {@code data}
 * @param block the LZ4 block that contained the list; null when it was sent in another form
 * @param groups the number of log groups that the service reports
 * @param nextCursor where the next pull continues; equal to the cursor of this pull when it returned nothing
 * @param endOfShard true when the service reports that nothing followed this batch when it was read; an idle shard and
 *     a finished one look the same
 * @param receivedAtSeconds when the service received the last group of the batch, unix seconds; 0 when the batch is
 *     empty or the service did not report it
 * @param serverTimeSeconds the service's clock at the answer, unix seconds; 0 when the service did not report it
 * @param release called by code that no longer uses data and block, and keeps no reference to them, so that their
 *     arrays can be reused. Calling it is optional; further calls do nothing
 */
@Internal
public record PulledBatch(
        byte[] data,
        int length,
        @Nullable ByteSlice block,
        int groups,
        String nextCursor,
        boolean endOfShard,
        long receivedAtSeconds,
        long serverTimeSeconds,
        Runnable release) {

    /** A batch that was not sent as an LZ4 block, and whose array is its own. */
    public PulledBatch(
            byte[] data,
            int length,
            int groups,
            String nextCursor,
            boolean endOfShard,
            long receivedAtSeconds,
            long serverTimeSeconds) {
        this(
                data,
                length,
                null,
                groups,
                nextCursor,
                endOfShard,
                receivedAtSeconds,
                serverTimeSeconds,
                PulledBatch::keep);
    }

    private static void keep() {}

    /**
     * Where this answer begins: at the requested cursor, or after it when the answer skips groups. The service does not
     * document its answer to an expired cursor: an error, or the groups that follow.
     *
     * <p>An answer whose cursors have no number counts as beginning at the requested cursor, unless it is empty and its
     * next cursor is different.
     *
     * @param asked the cursor of the pull
     */
    public Cursor begin(Cursor asked) {
        if (groups == 0) {
            return nextCursor.isEmpty() ? asked : next();
        }
        return next().plus(-groups).filter(begin -> begin.isAfter(asked)).orElse(asked);
    }

    /**
     * Whether the next cursor is not after all groups of this answer, and is therefore wrong. Every group has a number
     * of its own: clients of the service derive each group's cursor from the last one by counting.
     *
     * @param asked the cursor of the pull
     */
    public boolean movesTooLittle(Cursor asked) {
        if (groups == 0) {
            return false;
        }
        return nextCursor.isEmpty()
                || asked.isAtOrAfter(next())
                || next().plus(-groups).filter(asked::isAfter).isPresent();
    }

    /** Where the next pull continues, as a comparable cursor. */
    public Cursor next() {
        return Cursor.of(nextCursor);
    }

    /**
     * Whether the groups have all the numbers from the requested cursor to the next one: there are as many groups as
     * numbers, and no two groups have the same. False when that is unknown because cursors have no numbers.
     *
     * @param asked the cursor of the pull
     */
    public boolean leavesOutNoNumber(String asked) {
        OptionalLong numbers = Cursor.of(asked).distanceTo(Cursor.of(nextCursor));
        return numbers.isPresent() && numbers.getAsLong() == groups;
    }

    /** Contains sizes, never content. */
    @Override
    public String toString() {
        return groups + " log groups, " + length + " bytes, next cursor " + Cursor.of(nextCursor)
                + (endOfShard ? ", at end" : "");
    }
}
