package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.lz4.BlockSlicer;
import io.slsdispatch.connector.lz4.Lz4;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.PulledBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The large groups of a batch as LZ4 blocks, cut from the block that the batch came in. They need not be compressed again
 * to be written, and are a fraction of their size in between.
 *
 * <p>That pays for groups that are longer than the reach of a match; smaller ones are compressed when they are written.
 */
final class PackedGroups {

    static final PackedGroups NONE = new PackedGroups(new byte[0], new int[0], new int[0], 0);

    /** How far a match of LZ4 reaches back. */
    private static final int MIN_BYTES = 64 * 1024;

    /** How much more than its share of the batch's block a cut one may take, as a part of that share. */
    private static final int MAX_GROWTH = 8;

    private final byte[] blocks;
    private final int[] offsets;
    private final int[] lengths;
    private final int count;

    private PackedGroups(byte[] blocks, int[] offsets, int[] lengths, int count) {
        this.blocks = blocks;
        this.offsets = offsets;
        this.lengths = lengths;
        this.count = count;
    }

    /** How many groups are packed. */
    int count() {
        return count;
    }

    /** The block of a group, null when that is not packed. */
    @Nullable
    ByteSlice block(int group) {
        return lengths.length == 0 || lengths[group] == 0
                ? null
                : new ByteSlice(blocks, offsets[group], lengths[group]);
    }

    /** One thread. */
    static final class Builder {

        private final BlockSlicer slicer = new BlockSlicer();
        private byte[] room = new byte[0];

        /**
         * @param offsets where the groups are in the batch's data, ascending
         * @param lengths their sizes
         */
        PackedGroups pack(PulledBatch batch, int[] offsets, int[] lengths) {
            byte[] block = batch.block();
            if (block == null || Arrays.stream(lengths).noneMatch(length -> length >= MIN_BYTES)) {
                return NONE;
            }
            int[] blockOffsets = new int[lengths.length];
            int[] blockLengths = new int[lengths.length];
            int end = 0;
            int count = 0;
            slicer.reset(block, block.length, batch.data());
            for (int group = 0; group < lengths.length; group++) {
                int length = lengths[group];
                if (length >= MIN_BYTES) {
                    makeRoom(end, Lz4.maxLength(length));
                    int cut = slicer.slice(offsets[group], offsets[group] + length, room, end);
                    long share = (long) length * block.length / batch.length();
                    if (cut <= share + share / MAX_GROWTH) {
                        blockOffsets[group] = end;
                        blockLengths[group] = cut;
                        end += cut;
                        count++;
                    }
                }
            }
            return end == 0 ? NONE : new PackedGroups(Arrays.copyOf(room, end), blockOffsets, blockLengths, count);
        }

        private void makeRoom(int end, int length) {
            if (room.length - end < length) {
                room = Arrays.copyOf(room, end + length + room.length / 2);
            }
        }
    }
}
