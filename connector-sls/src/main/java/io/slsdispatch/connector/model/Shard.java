package io.slsdispatch.connector.model;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * A shard as ListShards shows it at one moment.
 *
 * @param id unique in its logstore for ever, growing: the shards that a split or merge makes have higher ids
 * @param range the hash keys it holds
 * @param writable true while it takes writes; false ("readonly") for ever after it was split or merged
 * @param createdAtSeconds unix seconds; the service has been seen to give 0, or a child its parent's time
 */
@Internal
public record Shard(int id, KeyRange range, boolean writable, long createdAtSeconds) implements Serializable {

    public Shard {
        if (id < 0) {
            throw new IllegalArgumentException("shard id " + id + " is negative");
        }
    }
}
