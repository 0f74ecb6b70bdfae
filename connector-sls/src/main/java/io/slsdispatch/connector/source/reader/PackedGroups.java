package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.lz4.BlockSlicer;
import io.slsdispatch.connector.lz4.Lz4;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.PulledBatch;
import java.util.Arrays;

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

    private static final byte[] NOTHING = new byte[0];

    private final byte[] blocks;
    private final int[] ends;

    private PackedGroups(byte[] blocks, int[] ends) {
        this.blocks = blocks;
        this.ends = ends;
    }

    /** The block of a group. */
    ByteSlice block(int group) {
        int begin = group == 0 ? 0 : ends[group - 1];
        return new ByteSlice(blocks, begin, ends[group] - begin);
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
            int[] ends = new int[lengths.length];
            int end = 0;
            for (int group = 0; group < lengths.length; group++) {
                int length = lengths[group];
                makeRoom(end, Lz4.maxLength(length));
                int size = whole == null || length < CUT_FROM
                        ? Integer.MAX_VALUE
                        : slicer.slice(offsets[group], offsets[group] + length, room, end);
                if (whole == null || size > mostOf(whole, length, batch.length())) {
                    size = Lz4.compress(batch.data(), offsets[group], length, room, end);
                }
                end += size;
                ends[group] = end;
            }
            byte[] blocks = Arrays.copyOf(room, end);
            if (room.length > MOST_ROOM) {
                room = NOTHING;
            }
            return new PackedGroups(blocks, ends);
        }

        private static long mostOf(ByteSlice whole, int length, int wholeLength) {
            long share = (long) length * whole.length() / wholeLength;
            return share + share / MAX_GROWTH;
        }

        private void makeRoom(int end, int length) {
            if (room.length - end < length) {
                room = Arrays.copyOf(room, end + length + room.length / 2);
            }
        }
    }
}
