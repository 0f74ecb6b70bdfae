package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.BlockSlicer;
import io.slsdispatch.connector.wire.Codec;
import io.slsdispatch.connector.wire.Codecs;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.LogGroupScanner;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Index of the groups in a batch: their topics, and each group compressed as the targets take it. It is built before any group of the
 * batch is emitted, so that an unreadable response is requested again as a whole, and emission cannot fail. A response
 * is readable if the list around the groups is complete; a group in it that is not a valid protobuf message is marked,
 * and has no topic.
 */
final class GroupIndex {

    /** A tag and a length of zero. */
    private static final int SMALLEST_GROUP = 2;

    private final int[] lengths;
    private final String[] topics;
    private final Map<Integer, Long> malformed;
    private final Compression packing;
    private final ByteSlice[] blocks;

    private GroupIndex(
            int[] lengths, String[] topics, Map<Integer, Long> malformed, Compression packing, ByteSlice[] blocks) {
        this.packing = packing;
        this.lengths = lengths;
        this.topics = topics;
        this.malformed = malformed;
        this.blocks = blocks;
    }

    int groups() {
        return lengths.length;
    }

    /** Returns the malformed groups, each with a checksum of its bytes; usually empty. */
    Map<Integer, Long> malformed() {
        return malformed;
    }

    /**
     * Returns one of the groups.
     *
     * @param isNumbered whether the batch skipped no number, see {@link RawLogGroup#numbered()}
     */
    RawLogGroup group(int group, int shard, String cursor, boolean isNumbered) {
        RawLogGroup made = RawLogGroup.packed(
                packing, blocks[group], lengths[group], topics[group], shard, cursor, group, isNumbered);
        return malformed.containsKey(group) ? made.asMalformed() : made;
    }

    /** Builder of indexes from batches. One thread. */
    static final class Builder {

        private final LogGroupListWalker list = new LogGroupListWalker();
        private final LogGroupScanner scanner = new LogGroupScanner();
        private final Packer packer;

        /** @param packing how groups are compressed */
        Builder(CompressionConfig packing) {
            this.packer = new Packer(packing);
        }

        /**
         * Indexes a batch, and releases it.
         *
         * @throws MalformedLogGroupException if the list is not a complete protobuf message
         * @throws IOException if the number of groups differs from what the service reported
         */
        GroupIndex index(PulledBatch batch) throws IOException {
            if (batch.groups() < 0 || batch.groups() > batch.length() / SMALLEST_GROUP) {
                throw new IOException(batch.groups() + " log groups do not fit into " + batch.length() + " bytes");
            }
            int[] offsets = new int[batch.groups()];
            int[] lengths = new int[batch.groups()];
            String[] topics = new String[batch.groups()];
            Map<Integer, Long> malformed = new HashMap<>(0);
            int group = 0;
            list.reset(batch.data(), batch.length());
            while (list.next()) {
                if (group == batch.groups()) {
                    throw new IOException(
                            "the response contains more log groups than the " + batch.groups() + " announced");
                }
                offsets[group] = list.offset();
                lengths[group] = list.length();
                topics[group] = topic(batch, group, malformed);
                group++;
            }
            if (group < batch.groups()) {
                throw new IOException(
                        "the response contains " + group + " log groups, but " + batch.groups() + " were announced");
            }
            GroupIndex index = new GroupIndex(
                    lengths, topics, malformed, packer.packing.kind(), packer.pack(batch, offsets, lengths));
            batch.release().run();
            return index;
        }

        private String topic(PulledBatch batch, int group, Map<Integer, Long> malformed) {
            try {
                return scanner.topic(batch.data(), list.offset(), list.length());
            } catch (MalformedLogGroupException | RuntimeException | StackOverflowError e) {
                // Catches any failure of parsing: the same group would cause it again after each restart.
                CRC32C checksum = new CRC32C();
                checksum.update(batch.data(), list.offset(), list.length());
                malformed.put(group, checksum.getValue());
                return "";
            }
        }
    }

    /**
     * Compresses the groups of a batch, in which form they are passed on, buffered and written. LZ4 blocks of large
     * groups are cut from the block of the batch. Small groups are compressed again: an LZ4 match reaches back 64 KiB,
     * so most of their matches refer to bytes of other groups. A frame of zstd cannot be cut: its sequences are coded
     * bit by bit. One thread.
     */
    private static final class Packer {

        /** Maximum distance of a match. */
        private static final int CUT_FROM = 64 * 1024;

        /** Maximum growth of a cut block over its share of the batch's block, as a divisor of that share. */
        private static final int MAX_GROWTH = 8;

        /** Maximum size of the scratch array that is kept; blocks are built there and copied from it. */
        private static final int MOST_ROOM = 16 << 20;

        /**
         * Blocks share an array until it has this size. Large enough that small groups need no array each; small enough
         * that the array needs no large contiguous piece of the heap, and that a waiting group does not retain much.
         */
        private static final int SHARED = 64 * 1024;

        private static final byte[] NOTHING = new byte[0];

        private final CompressionConfig packing;
        private final BlockSlicer slicer = new BlockSlicer();
        private byte[] room = NOTHING;

        Packer(CompressionConfig packing) {
            this.packing = packing;
        }

        /**
         * Compresses each group.
         *
         * @param offsets offsets of the groups in the batch's data, ascending
         * @param lengths lengths of the groups
         */
        ByteSlice[] pack(PulledBatch batch, int[] offsets, int[] lengths) {
            try (Codec codec = Codecs.borrow()) {
                return pack(codec, batch, offsets, lengths);
            }
        }

        private ByteSlice[] pack(Codec codec, PulledBatch batch, int[] offsets, int[] lengths) {
            ByteSlice whole = packing.kind() == Compression.LZ4 ? batch.block() : null;
            if (whole != null) {
                slicer.reset(whole.array(), whole.length(), batch.data());
            }
            ByteSlice[] blocks = new ByteSlice[lengths.length];
            int[] ends = new int[lengths.length];
            int first = 0;
            int end = 0;
            for (int group = 0; group < lengths.length; group++) {
                end += pack(codec, batch, whole, offsets[group], lengths[group], end);
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

        private int pack(Codec codec, PulledBatch batch, @Nullable ByteSlice whole, int offset, int length, int end) {
            makeRoom(end, packing.kind().maxLength(length));
            if (whole != null && length >= CUT_FROM) {
                int size = slicer.slice(offset, offset + length, room, end);
                if (size <= mostOf(whole, length, batch.length())) {
                    return size;
                }
            }
            return codec.compress(packing.kind(), packing.level(), batch.data(), offset, length, room, end);
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
