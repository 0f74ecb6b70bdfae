package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.LogGroupScanner;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.io.IOException;

/**
 * Where the groups of a batch are, and their topics. Made before any group of the batch is emitted, so that an answer that
 * cannot be read is asked for again as a whole, and emission cannot fail.
 */
final class GroupIndex {

    /** A tag and a length of zero. */
    private static final int SMALLEST_GROUP = 2;

    private static final byte[] NOTHING = new byte[0];

    private byte[] data;
    private final int[] offsets;
    private final int[] lengths;
    private final String[] topics;
    private PackedGroups packed = PackedGroups.NONE;

    private GroupIndex(byte[] data, int groups) {
        this.data = data;
        this.offsets = new int[groups];
        this.lengths = new int[groups];
        this.topics = new String[groups];
    }

    int groups() {
        return offsets.length;
    }

    /** One of the groups. */
    RawLogGroup group(int group, int shard, String cursor) {
        ByteSlice block = packed.block(group);
        return block == null
                ? new RawLogGroup(data, offsets[group], lengths[group], topics[group], shard, cursor, group)
                : RawLogGroup.packed(block, lengths[group], topics[group], shard, cursor, group);
    }

    /** Walks batches. One thread. */
    static final class Builder {

        private final LogGroupListWalker list = new LogGroupListWalker();
        private final LogGroupScanner scanner = new LogGroupScanner();
        private final PackedGroups.Builder packer = new PackedGroups.Builder();

        /**
         * @throws MalformedLogGroupException when list or a group is not a whole protobuf message
         * @throws IOException when there are more or fewer groups than the service says
         */
        GroupIndex index(PulledBatch batch) throws IOException {
            if (batch.groups() < 0 || batch.groups() > batch.length() / SMALLEST_GROUP) {
                throw new IOException(batch.groups() + " log groups cannot be in " + batch.length() + " bytes");
            }
            GroupIndex index = new GroupIndex(batch.data(), batch.groups());
            int group = 0;
            list.reset(batch.data(), batch.length());
            while (list.next()) {
                if (group == batch.groups()) {
                    throw new IOException("there are more log groups than the " + batch.groups() + " announced");
                }
                index.offsets[group] = list.offset();
                index.lengths[group] = list.length();
                index.topics[group] = scanner.topic(batch.data(), list.offset(), list.length());
                group++;
            }
            if (group < batch.groups()) {
                throw new IOException("there are " + group + " log groups, but " + batch.groups() + " were announced");
            }
            index.packed = packer.pack(batch, index.offsets, index.lengths);
            if (index.packed.count() == batch.groups()) {
                // Nobody asks for it any more.
                index.data = NOTHING;
            }
            return index;
        }
    }
}
