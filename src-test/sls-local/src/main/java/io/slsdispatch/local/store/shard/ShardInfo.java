package io.slsdispatch.local.store.shard;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;

/**
 * A shard as ListShards shows it, and what the server alone knows: its parents and when it was closed.
 *
 * @param id grows with each new shard of the logstore
 * @param range the keys that it holds or held
 * @param createdMillis unix milliseconds
 * @param closedMillis unix milliseconds of the split or merge that made it read-only, 0 while it is written to
 * @param firstPosition position of its first group
 * @param parents the shards whose keys it took over; the service tells nobody
 */
public record ShardInfo(
        int id, KeyRange range, long createdMillis, long closedMillis, long firstPosition, List<Integer> parents) {

    public ShardInfo {
        parents = List.copyOf(parents);
    }

    /** Whether it is written to. */
    @JsonIgnore
    public boolean isReadWrite() {
        return closedMillis == 0;
    }

    ShardInfo closed(long millis) {
        return new ShardInfo(id, range, createdMillis, millis, firstPosition, parents);
    }

    /** The shard as an element of the answer to ListShards. */
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
