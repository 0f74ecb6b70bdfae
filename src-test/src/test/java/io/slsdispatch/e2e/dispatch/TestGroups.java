package io.slsdispatch.e2e.dispatch;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;

import io.slsdispatch.testing.LogGroupBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Serialized log groups. Those that no client would write are put together by hand, from the parts of protobuf. */
final class TestGroups {

    /** Larger than what travels in one request together with others. */
    static final int LARGE = 6 * 1024 * 1024;

    private static final String SOURCE = "10.0.0.1";
    private static final int UNIX_SECONDS = 1_700_000_000;
    private static final int LENGTH_DELIMITED = 2;
    private static final int TOPIC = 3;

    private TestGroups() {}

    /** One log with one content. */
    static byte[] group(String topic, String text) {
        return log(text).topic(topic).source(SOURCE).toBytes();
    }

    private static LogGroupBuilder log(String text) {
        return logGroup().log(UNIX_SECONDS, "text", text);
    }

    /** Logs that differ in little, as those of one program do; about 130 bytes each. */
    static byte[] accessLogs(String topic, int count, Random random) {
        LogGroupBuilder group = logGroup();
        for (int i = 0; i < count; i++) {
            group.log(
                    UNIX_SECONDS,
                    "request",
                    "GET /api/v2/orders/" + random.nextInt(10_000) + " HTTP/1.1",
                    "request_id",
                    Long.toHexString(random.nextLong()));
        }
        return group.topic(topic).source("192.0.2.1").toBytes();
    }

    /** Groups whose bytes must survive although no client of today writes them so. */
    static List<byte[]> oddOnes(String topic, String text) {
        byte[] logs = log(text).source(SOURCE).toBytes();
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        byte[] withTopic = group(topic, text + " and more");
        return List.of(
                // Without any field.
                new byte[0],
                // Without a topic, and with an empty one.
                logs,
                joined(logs, field(TOPIC, new byte[0])),
                // The topic first, then again: the last one holds.
                joined(field(TOPIC, "other".getBytes(StandardCharsets.UTF_8)), logs, field(TOPIC, name)),
                // Fields of later versions: a number, 8 bytes, 4 bytes, a text of field 1000.
                joined(withTopic, bytes(0x78, 0x96, 0x01)),
                joined(bytes(0x79, 1, 2, 3, 4, 5, 6, 7, 8), withTopic, bytes(0x7d, 1, 2, 3, 4)),
                joined(bytes(0xc2, 0x3e, 3, 'n', 'e', 'w'), withTopic),
                // The length of the topic in more bytes than needed.
                joined(logs, bytes(TOPIC << 3 | LENGTH_DELIMITED, 0x80 | name.length, 0x80, 0x00), name),
                // Topics that are not UTF-8.
                joined(logs, field(TOPIC, bytes(0xff, 0xfe))),
                joined(logs, field(TOPIC, joined(name, bytes(0xc3)))),
                // A topic of many bytes.
                group(topic + "é€𝄞", text));
    }

    /** A group so large that it travels alone. */
    static byte[] largeOne(String topic) {
        return group(topic, "x".repeat(LARGE));
    }

    private static byte[] field(int number, byte[] content) {
        return joined(bytes(number << 3 | LENGTH_DELIMITED, content.length), content);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
