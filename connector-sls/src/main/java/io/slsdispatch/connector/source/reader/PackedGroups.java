package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.lz4.BlockSlicer;
import io.slsdispatch.connector.lz4.Lz4;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.PulledBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a batch as LZ4 blocks, as which they are passed on, wait, and are written. Those of large groups are cut
 * from the block that the batch came in. Small groups are compressed: a match of LZ4 reaches back 64 KiB, so most of
 * theirs repeat bytes of other groups.
 */
final class PackedGroups {

    /** How far a match reaches back. */
    private static final int CUT_FROM = 64 * 1024;

    /** How much more than its share of the batch's block a cut one may take, as a part of that share. */
    private static final int MAX_GROWTH = 8;

    /** Blocks are made in one place and copied from there, which is kept up to this size. */
    private static final int MOST_ROOM = 16 << 20;

    /**
     * Blocks share an array until it has this size: large enough that small groups need no array each, small enough that
     * none has to be held in one piece of the heap with others, or is kept long by a group that waits.
     */
    private static final int SHARED = 64 * 1024;

    private static final byte[] NOTHING = new byte[0];

    private final ByteSlice[] blocks;

    private PackedGroups(ByteSlice[] blocks) {
        this.blocks = blocks;
    }

    /** The block of a group. */
    ByteSlice block(int group) {
        return blocks[group];
    }

    /** One thread. */
    static final class Builder {

        private final BlockSlicer slicer = new BlockSlicer();
        private byte[] room = NOTHING;

        /**
         * @param offsets where the groups are in the batch's data, ascending
         * @param lengths their sizes
         */
        PackedGroups pack(PulledBatch batch, int[] offsets, int[] lengths) {
            ByteSlice whole = batch.block();
            if (whole != null) {
                slicer.reset(whole.array(), whole.length(), batch.data());
            }
            ByteSlice[] blocks = new ByteSlice[lengths.length];
            int[] ends = new int[lengths.length];
            int first = 0;
            int end = 0;
            for (int group = 0; group < lengths.length; group++) {
                end += pack(batch, whole, offsets[group], lengths[group], end);
                ends[group] = end;
                if (end >= SHARED || group == lengths.length - 1) {
                    share(Arrays.copyOf(room, end), ends, first, group, blocks);
                    first = group + 1;
                    end = 0;
                }
            }
            if (room.length > MOST_ROOM) {
                room = NOTHING;
            }
            return new PackedGroups(blocks);
        }

        private int pack(PulledBatch batch, @Nullable ByteSlice whole, int offset, int length, int end) {
            makeRoom(end, Lz4.maxLength(length));
            if (whole != null && length >= CUT_FROM) {
                int size = slicer.slice(offset, offset + length, room, end);
                if (size <= mostOf(whole, length, batch.length())) {
                    return size;
                }
            }
            return Lz4.compress(batch.data(), offset, length, room, end);
        }

        private static long mostOf(ByteSlice whole, int length, int wholeLength) {
            long share = (long) length * whole.length() / wholeLength;
            return share + share / MAX_GROWTH;
        }

        private static void share(byte[] array, int[] ends, int first, int last, ByteSlice[] blocks) {
            int begin = 0;
            for (int group = first; group <= last; group++) {
                blocks[group] = new ByteSlice(array, begin, ends[group] - begin);
                begin = ends[group];
            }
        }

        private void makeRoom(int end, int length) {
            if (room.length - end < length) {
                room = Arrays.copyOf(room, end + length + room.length / 2);
            }
        }
    }
}
