package io.slsdispatch.local.store.shard;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;

/**
 * A shard as ListShards returns it, with two facts that only the server knows: its parents and when it was closed.
 *
 * @param id the id, which increases with each new shard of the logstore
 * @param range the keys that it holds or held
 * @param createdMillis unix milliseconds
 * @param closedMillis unix milliseconds of the split or merge that made it read-only, 0 while it is read-write
 * @param firstPosition position of its first group
 * @param parents the shards whose keys it took over; the service does not report them
 */
public record ShardInfo(
        int id, KeyRange range, long createdMillis, long closedMillis, long firstPosition, List<Integer> parents) {

    public ShardInfo {
        parents = List.copyOf(parents);
    }

    /** Whether the shard is read-write. */
    @JsonIgnore
    public boolean isReadWrite() {
        return closedMillis == 0;
    }

    ShardInfo closed(long millis) {
        return new ShardInfo(id, range, createdMillis, millis, firstPosition, parents);
    }

    /** The shard as an element of the response to ListShards. */
    public Map<String, Object> toJson() {
        return Map.of(
                "shardID",
                id,
                "status",
                isReadWrite() ? "readwrite" : "readonly",
                "inclusiveBeginKey",
                range.begin().toString(),
                "exclusiveEndKey",
                range.end().toString(),
                "createTime",
                createdMillis / 1000);
    }
}
