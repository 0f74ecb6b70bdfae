package io.slsdispatch.local.store;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The settings of a logstore, as CreateLogStore gives them. Settings that SLS Local does not implement are stored and
 * returned. {@code appendMeta} is one of them: applying it would change the bytes of groups.
 *
 * @param name the logstore's name
 * @param attributes all settings as received
 * @param createdSecond unix seconds
 * @param modifiedSecond unix seconds
 */
public record LogstoreConfig(String name, Map<String, Object> attributes, long createdSecond, long modifiedSecond) {

    private static final Pattern NAME = Pattern.compile("[0-9a-z][0-9a-z_-]{0,61}[0-9a-z]");
    private static final int MAX_SHARDS = 4096;
    private static final int MAX_TTL = 3650;
    private static final String TTL = "ttl";
    private static final String SHARDS = "shardCount";

    public LogstoreConfig {
        if (!NAME.matcher(name).matches()) {
            throw new Refusal(
                    ErrorCode.LOGSTORE_INFO_INVALID,
                    "logstore name '" + name
                            + "' is not 2 to 63 of a-z, 0-9, - and _ with a letter or digit at each end");
        }
        attributes = Map.copyOf(attributes);
        between(attributes, TTL, 1, MAX_TTL);
        between(attributes, SHARDS, 1, MAX_SHARDS);
    }

    /** Settings with only a number of shards and a time to live. */
    public static LogstoreConfig of(String name, int shards, int ttlDays) {
        return new LogstoreConfig(name, Map.of(SHARDS, shards, TTL, ttlDays), 0, 0);
    }

    /** The time to live of groups in days from their receipt; 3650 means forever. */
    @JsonIgnore
    public int ttlDays() {
        return ((Number) attributes.getOrDefault(TTL, 1)).intValue();
    }

    /** Whether groups never expire. */
    @JsonIgnore
    public boolean isForEver() {
        return ttlDays() == MAX_TTL;
    }

    /** Number of shards at creation. */
    @JsonIgnore
    public int shardCount() {
        return ((Number) attributes.getOrDefault(SHARDS, 1)).intValue();
    }

    LogstoreConfig withShards(int shards) {
        Map<String, Object> changed = new LinkedHashMap<>(attributes);
        changed.put(SHARDS, shards);
        return new LogstoreConfig(name, changed, createdSecond, modifiedSecond);
    }

    LogstoreConfig createdAt(long second) {
        return new LogstoreConfig(name, attributes, second, second);
    }

    LogstoreConfig updatedWith(Map<String, Object> changes, long second) {
        Map<String, Object> merged = new LinkedHashMap<>(attributes);
        merged.putAll(changes);
        merged.put(SHARDS, shardCount());
        return new LogstoreConfig(name, merged, createdSecond, second);
    }

    /** The answer to GetLogStore. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>(attributes);
        json.put("logstoreName", name);
        json.put("createTime", createdSecond);
        json.put("lastModifyTime", modifiedSecond);
        return json;
    }

    private static void between(Map<String, Object> attributes, String key, int least, int most) {
        Object value = attributes.getOrDefault(key, least);
        if (!(value instanceof Number number) || number.longValue() < least || number.longValue() > most) {
            throw new Refusal(
                    ErrorCode.LOGSTORE_INFO_INVALID,
                    key + " " + value + " is not a number from " + least + " to " + most);
        }
    }
}
