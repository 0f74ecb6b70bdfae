package io.slsdispatch.connector.client;

import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.wire.Compression;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * A request for the log groups of a shard from a cursor on.
 *
 * @param maxGroups 1 to 1000; the service may return fewer although there are more
 * @param endCursor the cursor at which to stop, exclusive; null to read all available data
 * @param compression the compression that is requested; the answer may have another, and says which
 */
@Internal
public record PullRequest(
        LogstoreId logstore,
        int shard,
        String cursor,
        int maxGroups,
        @Nullable String endCursor,
        Compression compression) {

    /** The maximum number of groups in one answer of the service. */
    public static final int MAX_GROUPS = 1000;

    public PullRequest {
        if (maxGroups < 1 || maxGroups > MAX_GROUPS) {
            throw new IllegalArgumentException(
                    "max groups " + maxGroups + " of a pull is not between 1 and " + MAX_GROUPS);
        }
    }

    /** A request for an answer that is compressed with LZ4. */
    public PullRequest(LogstoreId logstore, int shard, String cursor, int maxGroups, @Nullable String endCursor) {
        this(logstore, shard, cursor, maxGroups, endCursor, Compression.LZ4);
    }
}
