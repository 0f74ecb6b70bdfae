package io.slsdispatch.local.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Checks that bytes are a serialized LogGroup, as a protobuf parser does, and extracts what the server needs, without
 * building objects. Unknown fields of any wire type are skipped.
 */
public final class LogGroupScanner {

    private static final int LOGS = 1 << 3 | Fields.LENGTH_DELIMITED;
    private static final int TOPIC = 3 << 3 | Fields.LENGTH_DELIMITED;
    private static final int TAGS = 6 << 3 | Fields.LENGTH_DELIMITED;
    private static final int LOG_TIME = 1 << 3 | Fields.VARINT;
    private static final int LOG_CONTENT = 2 << 3 | Fields.LENGTH_DELIMITED;
    private static final int KEY = 1 << 3 | Fields.LENGTH_DELIMITED;
    private static final int VALUE = 2 << 3 | Fields.LENGTH_DELIMITED;
    private static final long UINT32 = 0xffffffffL;

    private final byte[] array;
    private final boolean strict;
    private final Fields fields;

    private String topic = "";
    private int logs;
    private long earliestTime = Long.MAX_VALUE;
    private long latestTime = Long.MIN_VALUE;

    private LogGroupScanner(byte[] array, boolean strict) {
        this.array = array;
        this.strict = strict;
        this.fields = new Fields(array);
    }

    /**
     * The properties of a group that the server uses.
     *
     * @param topic the last topic in the bytes, empty when there is none; {@link Topics} defines how bytes become text
     * @param logs number of logs
     * @param earliestTime unix seconds of the oldest log, {@code Long.MAX_VALUE} when there is none
     * @param latestTime unix seconds of the newest log, {@code Long.MIN_VALUE} when there is none
     */
    public record Summary(String topic, int logs, long earliestTime, long latestTime) {}

    /**
     * Scans one group.
     *
     * @param strict also checks the requirements of older documentation of PutLogs: every log has contents, keys are
     *     not empty, text is UTF-8
     * @throws Refusal PostBodyInvalid when the bytes are not a LogGroup; InvalidKey and InvalidEncoding when strict
     */
    public static Summary scan(byte[] group, boolean strict) {
        return new LogGroupScanner(group, strict).group();
    }

    private Summary group() {
        int end = array.length;
        while (fields.position() < end) {
            int tag = fields.tag(end);
            switch (tag) {
                case LOGS -> log(fields.length(end));
                case TOPIC -> topic(fields.length(end));
                case TAGS -> pair(fields.length(end), "a tag");
                default -> fields.skip(tag, end);
            }
        }
        return new Summary(topic, logs, earliestTime, latestTime);
    }

    private void topic(int length) {
        if (strict) {
            checkText(fields.position(), length);
        }
        topic = Topics.decode(array, fields.position(), length);
        fields.advance(length, array.length);
    }

    private void log(int length) {
        int end = fields.position() + length;
        boolean timed = false;
        boolean filled = false;
        while (fields.position() < end) {
            int tag = fields.tag(end);
            if (tag == LOG_CONTENT) {
                pair(fields.length(end), "a log's content");
                filled = true;
            } else if (tag == LOG_TIME) {
                long time = fields.varint(end) & UINT32;
                earliestTime = Math.min(earliestTime, time);
                latestTime = Math.max(latestTime, time);
                timed = true;
            } else {
                fields.skip(tag, end);
            }
        }
        if (!timed) {
            throw fields.malformed("a log without a time");
        }
        if (strict && !filled) {
            throw fields.malformed("a log without contents");
        }
        logs++;
    }

    private void pair(int length, String what) {
        int end = fields.position() + length;
        boolean hasKey = false;
        boolean hasValue = false;
        while (fields.position() < end) {
            int tag = fields.tag(end);
            if (tag == KEY || tag == VALUE) {
                int size = fields.length(end);
                if (strict) {
                    checkPart(tag, size);
                }
                fields.advance(size, end);
                hasKey |= tag == KEY;
                hasValue |= tag == VALUE;
            } else {
                fields.skip(tag, end);
            }
        }
        if (!hasKey || !hasValue) {
            throw fields.malformed(what + " without key or value");
        }
    }

    private void checkPart(int tag, int size) {
        if (tag == KEY && size == 0) {
            throw new Refusal(ErrorCode.INVALID_KEY, "a key is empty");
        }
        checkText(fields.position(), size);
    }

    private void checkText(int offset, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(array, offset, length));
        } catch (CharacterCodingException notText) {
            throw new Refusal(ErrorCode.INVALID_ENCODING, "the bytes at " + offset + " are not UTF-8");
        }
    }
}
