package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.LogGroupScanner;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.io.IOException;

/**
 * Where the groups of a batch are in its array, and their topics. Made before any group of the batch is emitted, so that
 * an answer that cannot be read is asked for again as a whole, and emission cannot fail.
 */
final class GroupIndex {

    /** A tag and a length of zero. */
    private static final int SMALLEST_GROUP = 2;

    private final int[] offsets;
    private final int[] lengths;
    private final String[] topics;

    private GroupIndex(int groups) {
        this.offsets = new int[groups];
        this.lengths = new int[groups];
        this.topics = new String[groups];
    }

    int groups() {
        return offsets.length;
    }

    int offset(int group) {
        return offsets[group];
    }

    int length(int group) {
        return lengths[group];
    }

    String topic(int group) {
        return topics[group];
    }

    /** Walks batches. One thread. */
    static final class Builder {

        private final LogGroupListWalker list = new LogGroupListWalker();
        private final LogGroupScanner scanner = new LogGroupScanner();

        /**
         * @throws MalformedLogGroupException when list or a group is not a whole protobuf message
         * @throws IOException when there are more or fewer groups than the service says
         */
        GroupIndex index(PulledBatch batch) throws IOException {
            if (batch.groups() < 0 || batch.groups() > batch.length() / SMALLEST_GROUP) {
                throw new IOException(batch.groups() + " log groups cannot be in " + batch.length() + " bytes");
            }
            GroupIndex index = new GroupIndex(batch.groups());
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
            return index;
        }
    }
}
