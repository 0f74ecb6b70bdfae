package io.slsdispatch.job.probe;

import io.slsdispatch.connector.wire.FieldWriter;
import io.slsdispatch.connector.wire.LogGroupFields;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Serialized log groups that a probe writes. */
final class TestData {

    /** The topic of all groups of a probe, and the key of a log in the marker group. */
    static final String TOPIC = "sls-dispatch-probe";

    private static final int LARGE_VALUE = 256 * 1024;
    private static final int MACHINE = 5;
    private static final int UNKNOWN_FIELD = 100;

    /** Bytes before a filler of 128 to 16,383 bytes: a tag and a length of two bytes. */
    private static final int FILLER_HEAD = 3;

    private static final int LEAST_FILLER = 1000;

    private final long now;

    /** @param now time of the logs, in unix seconds */
    TestData(long now) {
        this.now = now;
    }

    /** The group that is written to each logstore first: with it, the probe recognizes the logstore as its own. */
    byte[] marker(String logstore) {
        return group(now, TOPIC, logstore);
    }

    byte[] small(String text) {
        return group(now, "text", text);
    }

    byte[] at(long time) {
        return group(time, "text", "time");
    }

    byte[] withoutLogs() {
        return new FieldWriter(64)
                .text(LogGroupFields.TOPIC, TOPIC)
                .text(LogGroupFields.SOURCE, "none")
                .toBytes();
    }

    byte[] withCategory() {
        return new FieldWriter(128)
                .bytes(LogGroupFields.LOGS, log(now, "text", bytes("category")))
                .text(LogGroupFields.CATEGORY, "category-of-probe")
                .text(LogGroupFields.TOPIC, TOPIC)
                .toBytes();
    }

    byte[] withUnknownField() {
        return new FieldWriter(128)
                .bytes(LogGroupFields.LOGS, log(now, "text", bytes("unknown field")))
                .text(LogGroupFields.TOPIC, TOPIC)
                .text(UNKNOWN_FIELD, "unknown-field-of-probe")
                .toBytes();
    }

    /** A value that is not UTF-8. */
    byte[] withInvalidText() {
        return new FieldWriter(128)
                .bytes(LogGroupFields.LOGS, log(now, "text", new byte[] {(byte) 0xff, (byte) 0xfe, 'x'}))
                .text(LogGroupFields.TOPIC, TOPIC)
                .toBytes();
    }

    /** A group of exactly this size, in logs of 256 KB. */
    byte[] ofSize(int size, boolean compressible) {
        FieldWriter group = new FieldWriter(size).text(LogGroupFields.TOPIC, TOPIC);
        Random random = new Random(size);
        byte[] value = new byte[LARGE_VALUE];
        int length = group.toBytes().length;
        while (true) {
            for (int i = 0; i < value.length && !compressible; i++) {
                value[i] = (byte) (' ' + random.nextInt(90));
            }
            byte[] log = log(now, "text", value);
            int more = new FieldWriter(log.length + 8)
                    .bytes(LogGroupFields.LOGS, log)
                    .toBytes()
                    .length;
            if (length + more > size - LEAST_FILLER) {
                break;
            }
            group.bytes(LogGroupFields.LOGS, log);
            length += more;
        }
        return filled(group, size - length, random);
    }

    private byte[] filled(FieldWriter group, int missing, Random random) {
        int left = missing;
        while (left > 15_000) {
            byte[] log = log(now, "text", new byte[10_000 + random.nextInt(10)]);
            group.bytes(LogGroupFields.LOGS, log);
            left -= new FieldWriter(log.length + 8)
                    .bytes(LogGroupFields.LOGS, log)
                    .toBytes()
                    .length;
        }
        return group.bytes(MACHINE, new byte[left - FILLER_HEAD]).toBytes();
    }

    private static byte[] group(long time, String key, String value) {
        return new FieldWriter(128)
                .bytes(LogGroupFields.LOGS, log(time, key, bytes(value)))
                .text(LogGroupFields.TOPIC, TOPIC)
                .toBytes();
    }

    private static byte[] log(long time, String key, byte[] value) {
        byte[] content = new FieldWriter(value.length + 32)
                .text(LogGroupFields.CONTENT_KEY, key)
                .bytes(LogGroupFields.CONTENT_VALUE, value)
                .toBytes();
        return new FieldWriter(content.length + 16)
                .number(LogGroupFields.LOG_TIME, time)
                .bytes(LogGroupFields.LOG_CONTENTS, content)
                .toBytes();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
