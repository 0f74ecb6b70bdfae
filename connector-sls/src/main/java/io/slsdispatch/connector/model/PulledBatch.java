package io.slsdispatch.connector.model;

import org.jspecify.annotations.Nullable;

/**
 * The answer to one pull, decompressed and not yet looked into: a serialized {@code LogGroupList}.
 *
 * @param data the serialized list, filling the array from 0 to {@code length}
 * @param length number of valid bytes in {@code data}
 * @param block the LZ4 block that the list came in, filling the array; null when it came otherwise
 * @param groups how many log groups the service says there are
 * @param nextCursor where the next pull goes on; equal to the cursor of this pull when it brought nothing
 * @param endOfShard true when the service says that nothing followed this batch when it was read; an idle shard and a
 *     finished one look the same
 * @param receivedAtSeconds when the service received the last group of the batch, unix seconds; 0 when the batch is
 *     empty or the service did not say
 * @param serverTimeSeconds the service's clock at the answer, unix seconds; 0 when it did not say
 */
public record PulledBatch(
        byte[] data,
        int length,
        byte @Nullable [] block,
        int groups,
        String nextCursor,
        boolean endOfShard,
        long receivedAtSeconds,
        long serverTimeSeconds) {

    /** A batch that did not come as an LZ4 block. */
    public PulledBatch(
            byte[] data,
            int length,
            int groups,
            String nextCursor,
            boolean endOfShard,
            long receivedAtSeconds,
            long serverTimeSeconds) {
        this(data, length, null, groups, nextCursor, endOfShard, receivedAtSeconds, serverTimeSeconds);
    }

    /** Says how much there is, never what. */
    @Override
    public String toString() {
        return groups + " log groups, " + length + " bytes, next cursor " + nextCursor + (endOfShard ? ", at end" : "");
    }
}
