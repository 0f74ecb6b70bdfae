package io.slsdispatch.local.store;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far a consumer group has read a shard.
 *
 * @param cursor where it goes on, empty when nothing was committed yet
 * @param updateMicros unix microseconds of the commit, 0 when there was none
 * @param consumer who committed or holds the shard, empty when nobody
 */
public record Checkpoint(String cursor, long updateMicros, String consumer) {

    static final Checkpoint NONE = new Checkpoint("", 0, "");

    /** An element of the answer to GetCheckPoint. */
    public Map<String, Object> toJson(int shard) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("shard", shard);
        json.put("checkpoint", cursor);
        json.put("updateTime", updateMicros);
        json.put("consumer", consumer);
        return json;
    }
}
