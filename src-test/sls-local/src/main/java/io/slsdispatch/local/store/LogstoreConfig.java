package io.slsdispatch.local.store;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a logstore, as CreateLogStore gives them. Settings that SLS Local does not implement are stored and
 * returned. {@code appendMeta} is one of them: applying it would change the bytes of groups. Only settings that would
 * change which logs are stored, or where, are refused.
 *
 * <p>Messages are those that {@code LogStoreFunctionTest} of the Java SDK expects, where it expects one.
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
    private static final String MODE = "mode";
    private static final String STANDARD = "standard";
    private static final String AUTO_SPLIT = "autoSplit";
    private static final String MAX_SPLIT_SHARD = "maxSplitShard";
    private static final int MOST_SPLIT_SHARDS = 256;

    /** {@code default} and {@code m4} are those of the service's page on encryption and of the Go SDK's tests. */
    private static final Pattern ENCRYPTION = Pattern.compile("default|m4|(aes|sm4)_[a-z]+");

    /** A processor for all puts; and the type of what CreateLinkStore of the Java SDK creates: a link to a logstore. */
    private static final List<String> NOT_SERVED = List.of("processorId", "type");

    /** What the service returns for settings that were not given: official SDKs fail without some of these fields. */
    private static final Map<String, Object> DEFAULTS = Map.of(
            TTL,
            1,
            SHARDS,
            1,
            "enable_tracking",
            false,
            "appendMeta",
            false,
            AUTO_SPLIT,
            false,
            MAX_SPLIT_SHARD,
            0,
            "telemetryType",
            "",
            MODE,
            STANDARD);

    public LogstoreConfig {
        if (!NAME.matcher(name).matches()) {
            throw invalid("logstore name " + name + " is invalid");
        }
        attributes = Map.copyOf(attributes);
        between(attributes, TTL, 1, MAX_TTL);
        between(attributes, SHARDS, 1, MAX_SHARDS);
    }

    /** Settings with only a number of shards and a time to live. */
    public static LogstoreConfig of(String name, int shards, int ttlDays) {
        return new LogstoreConfig(name, Map.of(SHARDS, shards, TTL, ttlDays), 0, 0);
    }

    /**
     * The settings in a request.
     *
     * @throws Refusal LogStoreInfoInvalid, or NotSupported when SLS Local cannot do what is set
     */
    public static LogstoreConfig requested(String name, Map<String, Object> attributes) {
        LogstoreConfig config = new LogstoreConfig(name, attributes, 0, 0);
        config.checkRequest();
        return config;
    }

    /** Checks what is not checked on settings that an earlier build has stored. */
    private void checkRequest() {
        if (Boolean.TRUE.equals(attributes.get(AUTO_SPLIT))
                && attributes.containsKey(MAX_SPLIT_SHARD)
                && !isBetween(attributes.get(MAX_SPLIT_SHARD), 1, MOST_SPLIT_SHARDS)) {
            throw invalid("maxSplitShard must be within range [1, " + MOST_SPLIT_SHARDS + "]");
        }
        if (attributes.get("encrypt_conf") instanceof Map<?, ?> encryption
                && Boolean.TRUE.equals(encryption.get("enable"))
                && !(encryption.get("encrypt_type") instanceof String type
                        && ENCRYPTION.matcher(type).matches())) {
            throw invalid("The encrypt_conf is invalid, [encrypt_type] key is missing or not supported");
        }
        for (String setting : NOT_SERVED) {
            if (!attributes.getOrDefault(setting, "").equals("")) {
                throw new Refusal(
                        ErrorCode.NOT_SUPPORTED,
                        "SLS Local serves CreateLogStore and UpdateLogStore without " + setting);
            }
        }
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
        Object mode = setting(MODE);
        if (mode.equals(STANDARD) && !changes.getOrDefault(MODE, mode).equals(mode)) {
            throw new Refusal(
                    ErrorCode.NOT_SUPPORTED,
                    "The logstore mode or telemetryType is not supported for current metering mode.");
        }
        Map<String, Object> merged = new LinkedHashMap<>(attributes);
        merged.putAll(changes);
        merged.put(SHARDS, shardCount());
        LogstoreConfig updated = new LogstoreConfig(name, merged, createdSecond, second);
        updated.checkRequest();
        return updated;
    }

    /** A setting, or what the service returns when it was not given; empty when it returns nothing. */
    public Object setting(String key) {
        return attributes.getOrDefault(key, DEFAULTS.getOrDefault(key, ""));
    }

    /** The answer to GetLogStore. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>(DEFAULTS);
        json.putAll(attributes);
        json.put("logstoreName", name);
        json.put("createTime", createdSecond);
        json.put("lastModifyTime", modifiedSecond);
        return json;
    }

    private static void between(Map<String, Object> attributes, String key, int least, int most) {
        Object value = attributes.getOrDefault(key, least);
        if (!isBetween(value, least, most)) {
            throw invalid(key + " " + value + " is not a number from " + least + " to " + most);
        }
    }

    private static boolean isBetween(@Nullable Object value, int least, int most) {
        return value instanceof Number number && number.longValue() >= least && number.longValue() <= most;
    }

    private static Refusal invalid(String message) {
        return new Refusal(ErrorCode.LOGSTORE_INFO_INVALID, message);
    }
}
