package io.slsdispatch.job.rules;

import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.SlsFutures;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.FieldCursor;
import io.slsdispatch.connector.wire.FieldWriter;
import io.slsdispatch.connector.wire.LogGroupFields;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log format of rules: the field {@value #FIELD} holds the whole YAML text. A log without that field holds no
 * rules.
 */
public final class RulesLog {

    /** Key of the field. It is a public contract: scripts write it, too. */
    public static final String FIELD = "rules";

    private static final int ROOM_FOR_FIELDS = 64;

    /** A fixed hash key: all versions are in one shard or its children, so that their order is defined. */
    private static final String HASH_KEY = "0".repeat(32);

    private RulesLog() {}

    /**
     * Writes rules to their logstore, with a given time.
     *
     * @throws SlsException when the service does not acknowledge the write; the rules may be written nevertheless
     */
    public static void publish(SlsClient client, RulesLocation.Logstore place, Instant time, String rules)
            throws SlsException, InterruptedException {
        String topic = place.writtenTopic();
        RawLogGroup group = RawLogGroup.of(topic, serialized(topic, time, rules));
        SlsFutures.await(client.put(new PutRequest(place.logstore(), List.of(group), HASH_KEY)));
    }

    /** A log group with one log that holds the rules. */
    public static byte[] serialized(String topic, Instant time, String rules) {
        byte[] text = rules.getBytes(StandardCharsets.UTF_8);
        byte[] content = new FieldWriter(text.length + ROOM_FOR_FIELDS)
                .text(LogGroupFields.CONTENT_KEY, FIELD)
                .bytes(LogGroupFields.CONTENT_VALUE, text)
                .toBytes();
        byte[] log = new FieldWriter(content.length + ROOM_FOR_FIELDS)
                .number(LogGroupFields.LOG_TIME, Math.max(0, time.getEpochSecond()))
                .bytes(LogGroupFields.LOG_CONTENTS, content)
                .toBytes();
        return new FieldWriter(log.length + ROOM_FOR_FIELDS)
                .bytes(LogGroupFields.LOGS, log)
                .text(LogGroupFields.TOPIC, topic)
                .toBytes();
    }

    /**
     * Returns the rules in a log group: those of the last log that has rules; null when there are none.
     *
     * @throws MalformedLogGroupException when the bytes are not a log group
     */
    static byte @Nullable [] in(byte[] array, int offset, int length) throws MalformedLogGroupException {
        byte[] found = null;
        FieldCursor group = new FieldCursor();
        group.reset(array, offset, length);
        while (group.next()) {
            if (group.isBytes(LogGroupFields.LOGS)) {
                byte[] rules = inLog(array, group.valueOffset(), group.valueLength());
                found = rules == null ? found : rules;
            }
        }
        return found;
    }

    private static byte @Nullable [] inLog(byte[] array, int offset, int length) throws MalformedLogGroupException {
        byte[] found = null;
        FieldCursor log = new FieldCursor();
        log.reset(array, offset, length);
        while (log.next()) {
            if (log.isBytes(LogGroupFields.LOG_CONTENTS)) {
                byte[] rules = inContent(array, log.valueOffset(), log.valueLength());
                found = rules == null ? found : rules;
            }
        }
        return found;
    }

    private static byte @Nullable [] inContent(byte[] array, int offset, int length) throws MalformedLogGroupException {
        String key = "";
        byte[] value = {};
        FieldCursor content = new FieldCursor();
        content.reset(array, offset, length);
        while (content.next()) {
            if (content.isBytes(LogGroupFields.CONTENT_KEY)) {
                key = new String(array, content.valueOffset(), content.valueLength(), StandardCharsets.UTF_8);
            } else if (content.isBytes(LogGroupFields.CONTENT_VALUE)) {
                int from = content.valueOffset();
                value = Arrays.copyOfRange(array, from, from + content.valueLength());
            }
        }
        return key.equals(FIELD) ? value : null;
    }
}
