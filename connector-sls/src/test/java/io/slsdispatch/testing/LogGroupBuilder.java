package io.slsdispatch.testing;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.EscapedUtf8;
import io.slsdispatch.connector.wire.FieldWriter;
import io.slsdispatch.connector.wire.LogGroupFields;
import java.io.ByteArrayOutputStream;

/**
 * Builds a serialized log group. The fields stand in the order in which they are added; the official SDK writes logs,
 * category, topic, source and tags in this order.
 */
public final class LogGroupBuilder {

    private static final int EXPECTED_BYTES = 256;
    private static final int FIELD_HEAD_BYTES = 10;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(EXPECTED_BYTES);
    private String topic = "";
    private int shard;
    private int index;

    private LogGroupBuilder() {}

    public static LogGroupBuilder logGroup() {
        return new LogGroupBuilder();
    }

    /** A group of which only the topic matters. */
    public static RawLogGroup ofTopic(String topic) {
        return logGroup().topic(topic).build();
    }

    /** Adds a log with these contents: a key, its value, and so on. */
    public LogGroupBuilder log(int unixSeconds, String... keysAndValues) {
        FieldWriter log = new FieldWriter(EXPECTED_BYTES).number(LogGroupFields.LOG_TIME, unixSeconds);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            log.bytes(LogGroupFields.LOG_CONTENTS, pair(keysAndValues[i], keysAndValues[i + 1]));
        }
        return field(LogGroupFields.LOGS, log.toBytes());
    }

    public LogGroupBuilder category(String value) {
        return field(LogGroupFields.CATEGORY, EscapedUtf8.encode(value));
    }

    public LogGroupBuilder topic(String value) {
        topic = value;
        return field(LogGroupFields.TOPIC, EscapedUtf8.encode(value));
    }

    public LogGroupBuilder source(String value) {
        return field(LogGroupFields.SOURCE, EscapedUtf8.encode(value));
    }

    public LogGroupBuilder tag(String key, String value) {
        return field(LogGroupFields.TAGS, pair(key, value));
    }

    /** Adds any field of bytes, also one that no schema knows. */
    public LogGroupBuilder field(int number, byte... value) {
        bytes.writeBytes(new FieldWriter(value.length + FIELD_HEAD_BYTES)
                .bytes(number, value)
                .toBytes());
        return this;
    }

    /** Adds bytes that no protobuf reader accepts: a source that is longer than what is left. */
    public LogGroupBuilder garbage() {
        bytes.writeBytes(new byte[] {0x22, 0x7f, 1});
        return this;
    }

    public LogGroupBuilder shard(int id) {
        shard = id;
        return this;
    }

    /** Place in its pull. */
    public LogGroupBuilder index(int place) {
        index = place;
        return this;
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }

    /** The group as the source hands it on. */
    public RawLogGroup build() {
        byte[] array = toBytes();
        return new RawLogGroup(array, 0, array.length, topic, shard, "MTU0", index);
    }

    /** The bytes of a tag and those of a content: both have the key as field 1 and the value as field 2. */
    private static byte[] pair(String key, String value) {
        return new FieldWriter(EXPECTED_BYTES)
                .bytes(LogGroupFields.TAG_KEY, EscapedUtf8.encode(key))
                .bytes(LogGroupFields.TAG_VALUE, EscapedUtf8.encode(value))
                .toBytes();
    }
}
