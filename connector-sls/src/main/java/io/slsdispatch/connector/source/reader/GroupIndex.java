package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.BlockSlicer;
import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.LogGroupScanner;
import io.slsdispatch.connector.wire.Lz4;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a batch: their topics, and each as an LZ4 block. Made before any group of the batch is emitted, so that an answer that cannot be
 * read is asked for again as a whole, and emission cannot fail. An answer can be read when the list around the groups is
 * whole; a group in it that is no valid protobuf message is marked, and has no topic.
 */
final class GroupIndex {

    /** A tag and a length of zero. */
    private static final int SMALLEST_GROUP = 2;

    private final int[] lengths;
    private final String[] topics;
    private final Map<Integer, Long> malformed;
    private final ByteSlice[] blocks;

    private GroupIndex(int[] lengths, String[] topics, Map<Integer, Long> malformed, ByteSlice[] blocks) {
        this.lengths = lengths;
        this.topics = topics;
        this.malformed = malformed;
        this.blocks = blocks;
    }

    int groups() {
        return lengths.length;
    }

    /** The malformed groups, each with a checksum of its bytes; mostly none. */
    Map<Integer, Long> malformed() {
        return malformed;
    }

    /**
     * One of the groups.
     *
     * @param isNumbered whether the batch left out no number, see {@link RawLogGroup#numbered()}
     */
    RawLogGroup group(int group, int shard, String cursor, boolean isNumbered) {
        RawLogGroup made =
                RawLogGroup.packed(blocks[group], lengths[group], topics[group], shard, cursor, group, isNumbered);
        return malformed.containsKey(group) ? made.asMalformed() : made;
    }

    /** Walks batches. One thread. */
    static final class Builder {

        private final LogGroupListWalker list = new LogGroupListWalker();
        private final LogGroupScanner scanner = new LogGroupScanner();
        private final Packer packer = new Packer();

        /**
         * Takes what is needed of a batch, and releases it.
         *
         * @throws MalformedLogGroupException when the list is not a whole protobuf message
         * @throws IOException when there are more or fewer groups than the service says
         */
        GroupIndex index(PulledBatch batch) throws IOException {
            if (batch.groups() < 0 || batch.groups() > batch.length() / SMALLEST_GROUP) {
                throw new IOException(batch.groups() + " log groups cannot be in " + batch.length() + " bytes");
            }
            int[] offsets = new int[batch.groups()];
            int[] lengths = new int[batch.groups()];
            String[] topics = new String[batch.groups()];
            Map<Integer, Long> malformed = new HashMap<>(0);
            int group = 0;
            list.reset(batch.data(), batch.length());
            while (list.next()) {
                if (group == batch.groups()) {
                    throw new IOException("there are more log groups than the " + batch.groups() + " announced");
                }
                offsets[group] = list.offset();
                lengths[group] = list.length();
                topics[group] = topic(batch, group, malformed);
                group++;
            }
            if (group < batch.groups()) {
                throw new IOException("there are " + group + " log groups, but " + batch.groups() + " were announced");
            }
            GroupIndex index = new GroupIndex(lengths, topics, malformed, packer.pack(batch, offsets, lengths));
            batch.release().run();
            return index;
        }

        private String topic(PulledBatch batch, int group, Map<Integer, Long> malformed) {
            try {
                return scanner.topic(batch.data(), list.offset(), list.length());
            } catch (MalformedLogGroupException | RuntimeException | StackOverflowError e) {
                // Whatever a walk ends with: the group would end it again after each restart.
                CRC32C checksum = new CRC32C();
                checksum.update(batch.data(), list.offset(), list.length());
                malformed.put(group, checksum.getValue());
                return "";
            }
        }
    }

    /**
     * Makes the groups of a batch LZ4 blocks, as which they are passed on, wait, and are written. Those of large groups are
     * cut from the block that the batch came in. Small groups are compressed: a match of LZ4 reaches back 64 KiB, so most of
     * theirs repeat bytes of other groups. One thread.
     */
    private static final class Packer {

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

        private final BlockSlicer slicer = new BlockSlicer();
        private byte[] room = NOTHING;

        /**
         * Makes a block of each group.
         *
         * @param offsets where the groups are in the batch's data, ascending
         * @param lengths their sizes
         */
        ByteSlice[] pack(PulledBatch batch, int[] offsets, int[] lengths) {
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
            return blocks;
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
