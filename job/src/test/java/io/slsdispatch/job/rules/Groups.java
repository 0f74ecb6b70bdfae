package io.slsdispatch.job.rules;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.EscapedUtf8;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Builds serialized log groups for tests. */
public final class Groups {

    private final List<byte[]> fields = new ArrayList<>();
    private String topic = "";
    private int shard;
    private int index;

    private Groups() {}

    public static Groups group() {
        return new Groups();
    }

    public static RawLogGroup ofTopic(String topic) {
        return group().topic(topic).build();
    }

    public Groups topic(String value) {
        topic = value;
        return field(3, EscapedUtf8.encode(value));
    }

    public Groups source(String value) {
        return field(4, EscapedUtf8.encode(value));
    }

    public Groups tag(String key, String value) {
        ByteArrayOutputStream tag = new ByteArrayOutputStream();
        tag.writeBytes(bytesField(1, EscapedUtf8.encode(key)));
        tag.writeBytes(bytesField(2, EscapedUtf8.encode(value)));
        return field(6, tag.toByteArray());
    }

    /** Adds bytes that no protobuf reader accepts. */
    public Groups garbage() {
        fields.add(new byte[] {0x22, 0x7f, 1});
        return this;
    }

    public Groups shard(int id) {
        shard = id;
        return this;
    }

    /** Place in its pull. */
    public Groups index(int place) {
        index = place;
        return this;
    }

    public Groups field(int number, byte[] value) {
        fields.add(bytesField(number, value));
        return this;
    }

    public RawLogGroup build() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        fields.forEach(bytes::writeBytes);
        return new RawLogGroup(bytes.toByteArray(), 0, bytes.size(), topic, shard, "MTU0", index);
    }

    private static byte[] bytesField(int number, byte[] value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeVarint(out, (number << 3) | 2);
        writeVarint(out, value.length);
        out.writeBytes(value);
        return out.toByteArray();
    }

    private static void writeVarint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
