package io.slsdispatch.connector.model;

import java.util.OptionalLong;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one pull, decompressed and not yet looked into: a serialized {@code LogGroupList}.
 *
 * @param data the serialized list, from 0 to {@code length}
 * @param length number of valid bytes in {@code data}
 * @param block the LZ4 block that the list came in; null when it came otherwise
 * @param groups how many log groups the service says there are
 * @param nextCursor where the next pull goes on; equal to the cursor of this pull when it brought nothing
 * @param endOfShard true when the service says that nothing followed this batch when it was read; an idle shard and a
 *     finished one look the same
 * @param receivedAtSeconds when the service received the last group of the batch, unix seconds; 0 when the batch is
 *     empty or the service did not say
 * @param serverTimeSeconds the service's clock at the answer, unix seconds; 0 when it did not say
 * @param release to be called by who has done with data and block and has kept nothing of them, so that their arrays can
 *     be used again; need not be called, and more calls than one do nothing
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

    /** A batch that did not come as an LZ4 block, and whose array is its own. */
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
     * Where this answer begins: at the cursor that was asked for, or at one behind it, when it leaves out what was between.
     * How the service answers at an expired cursor is not documented: with an error, or with what comes after.
     *
     * <p>An answer whose cursors have no number counts as one that begins where it was asked to, unless it is
     * empty and its next cursor is another one.
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
     * Whether the next cursor is not behind all groups of this answer, so that it cannot be right. A group has a number of its
     * own: clients of the service derive each group's cursor from the last one by counting.
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

    /** Where the next pull continues, to be compared. */
    public Cursor next() {
        return Cursor.of(nextCursor);
    }

    /**
     * Whether the groups have all the numbers from the cursor that was asked for to the next one: there are as many groups
     * as numbers, and no two groups have the same. False when that is not known, since cursors have no numbers.
     *
     * @param asked the cursor of the pull
     */
    public boolean leavesOutNoNumber(String asked) {
        OptionalLong numbers = Cursor.of(asked).distanceTo(Cursor.of(nextCursor));
        return numbers.isPresent() && numbers.getAsLong() == groups;
    }

    /** Says how much there is, never what. */
    @Override
    public String toString() {
        return groups + " log groups, " + length + " bytes, next cursor " + nextCursor + (endOfShard ? ", at end" : "");
    }
}
