package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.LogGroupScanner;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The groups of a batch and their topics. Made before any group of the batch is emitted, so that an answer that cannot be
 * read is asked for again as a whole, and emission cannot fail. An answer can be read when the list around the groups is
 * whole; a group in it that is no valid protobuf message is marked, and has no topic.
 */
final class GroupIndex {

    /** A tag and a length of zero. */
    private static final int SMALLEST_GROUP = 2;

    private final int[] lengths;
    private final String[] topics;
    private final Map<Integer, Long> malformed;
    private final PackedGroups packed;

    private GroupIndex(int[] lengths, String[] topics, Map<Integer, Long> malformed, PackedGroups packed) {
        this.lengths = lengths;
        this.topics = topics;
        this.malformed = malformed;
        this.packed = packed;
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
        RawLogGroup made = RawLogGroup.packed(
                packed.block(group), lengths[group], topics[group], shard, cursor, group, isNumbered);
        return malformed.containsKey(group) ? made.asMalformed() : made;
    }

    /** Walks batches. One thread. */
    static final class Builder {

        private final LogGroupListWalker list = new LogGroupListWalker();
        private final LogGroupScanner scanner = new LogGroupScanner();
        private final PackedGroups.Builder packer = new PackedGroups.Builder();

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
}
