package io.slsdispatch.connector.client;

import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * A request that writes log groups, bytes unchanged and in this order. One group is sent as a plain PutLogs. Several
 * are sent in one request of mode {@code batch_group}, which the service accepts or rejects as a whole.
 *
 * @param logstore the target
 * @param groups at least one
 * @param hashKey the position on the ring of hash keys that selects the shard, 32 hexadecimal digits; null lets the
 *     service choose
 * @param compression how the groups are sent: groups that are packed in another way are compressed again
 */
@Internal
public record PutRequest(
        LogstoreId logstore,
        List<RawLogGroup> groups,
        @Nullable String hashKey,
        CompressionConfig compression) {

    public PutRequest {
        groups = List.copyOf(groups);
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("a put without log groups");
        }
    }

    /** A request whose groups are sent as LZ4 blocks. */
    public PutRequest(LogstoreId logstore, List<RawLogGroup> groups, @Nullable String hashKey) {
        this(logstore, groups, hashKey, CompressionConfig.LZ4);
    }

    /** Sum of the serialized sizes in bytes, before compression. */
    public long rawBytes() {
        long sum = 0;
        for (RawLogGroup group : groups) {
            sum += group.length();
        }
        return sum;
    }
}
