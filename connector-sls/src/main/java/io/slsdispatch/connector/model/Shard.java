package io.slsdispatch.connector.model;

import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * A shard as ListShards reports it at one moment.
 *
 * @param id permanently unique in its logstore, growing: the shards that a split or merge creates have higher ids
 * @param range the hash keys of the shard
 * @param writable true while the shard accepts writes; permanently false ("readonly") after a split or merge of the
 *     shard
 * @param createdAtSeconds unix seconds; the service has been observed to report 0, or the parent's time for a child
 */
@Internal
public record Shard(int id, KeyRange range, boolean writable, long createdAtSeconds) implements Serializable {

    public Shard {
        if (id < 0) {
            throw new IllegalArgumentException("shard id " + id + " is negative");
        }
    }
}
