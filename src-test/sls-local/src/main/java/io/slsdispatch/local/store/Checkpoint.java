package io.slsdispatch.local.store;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A checkpoint: how far a consumer group has read a shard.
 *
 * @param cursor where reading resumes, empty when nothing was committed yet
 * @param updateMicros unix microseconds of the commit, 0 when there was none
 * @param consumer the consumer that committed or holds the shard, empty when there is none
 */
public record Checkpoint(String cursor, long updateMicros, String consumer) {

    static final Checkpoint NONE = new Checkpoint("", 0, "");

    /** An element of the response to GetCheckPoint. */
    public Map<String, Object> toJson(int shard) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("shard", shard);
        json.put("checkpoint", cursor);
        json.put("updateTime", updateMicros);
        json.put("consumer", consumer);
        return json;
    }
}
