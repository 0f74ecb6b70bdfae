package io.slsdispatch.local.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * A log group as text, for people and for tests. Bytes that are not UTF-8 become lone surrogates, see {@link Topics}.
 *
 * @param topic empty when the group has none; the last one counts
 * @param source empty when the group has none
 * @param tags in their order
 * @param logCount number of logs
 * @param logs the logs, or the first of them
 */
public record LogGroupText(String topic, String source, List<Pair> tags, int logCount, List<Log> logs) {

    public LogGroupText {
        tags = List.copyOf(tags);
        logs = List.copyOf(logs);
    }

    /** A tag of a group, or a content of a log. */
    public record Pair(String key, String value) {}

    /**
     * A log.
     *
     * @param time unix seconds, as the client has set them
     */
    public record Log(long time, List<Pair> contents) {

        public Log {
            contents = List.copyOf(contents);
        }
    }

    /**
     * How much is read of a group.
     *
     * @param logs number of logs
     * @param pairs number of tags, and of contents of each log
     * @param bytes of each text; of a longer one, the begin is read and its size is added
     */
    public record Limits(int logs, int pairs, int bytes) {

        /** All of a group. */
        public static final Limits NONE = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /**
     * Reads a serialized group.
     *
     * @throws Refusal PostBodyInvalid when the bytes are not a LogGroup
     */
    public static LogGroupText read(byte[] group, Limits limits) {
        LogGroupScanner.scan(group, false);
        return new Reader(group, limits).group();
    }

    /** Reads a group that was scanned before, so that its structure is right. */
    private static final class Reader {

        private static final int LOGS = 1 << 3 | Fields.LENGTH_DELIMITED;
        private static final int TOPIC = 3 << 3 | Fields.LENGTH_DELIMITED;
        private static final int SOURCE = 4 << 3 | Fields.LENGTH_DELIMITED;
        private static final int TAGS = 6 << 3 | Fields.LENGTH_DELIMITED;
        private static final int LOG_TIME = 1 << 3 | Fields.VARINT;
        private static final int LOG_CONTENT = 2 << 3 | Fields.LENGTH_DELIMITED;
        private static final int KEY = 1 << 3 | Fields.LENGTH_DELIMITED;
        private static final int VALUE = 2 << 3 | Fields.LENGTH_DELIMITED;
        private static final long UINT32 = 0xffffffffL;

        private final byte[] array;
        private final Fields fields;
        private final Limits limits;

        Reader(byte[] array, Limits limits) {
            this.array = array;
            this.fields = new Fields(array);
            this.limits = limits;
        }

        LogGroupText group() {
            String topic = "";
            String source = "";
            List<Pair> tags = new ArrayList<>();
            List<Log> logs = new ArrayList<>();
            int count = 0;
            while (fields.position() < array.length) {
                int tag = fields.tag(array.length);
                if (tag == TOPIC) {
                    topic = text(array.length);
                } else if (tag == SOURCE) {
                    source = text(array.length);
                } else if (tag == TAGS && tags.size() < limits.pairs()) {
                    tags.add(pair());
                } else if (tag == LOGS && count++ < limits.logs()) {
                    logs.add(log());
                } else {
                    fields.skip(tag, array.length);
                }
            }
            return new LogGroupText(topic, source, tags, count, logs);
        }

        private Log log() {
            int length = fields.length(array.length);
            int end = fields.position() + length;
            long time = 0;
            List<Pair> contents = new ArrayList<>();
            while (fields.position() < end) {
                int tag = fields.tag(end);
                if (tag == LOG_TIME) {
                    time = fields.varint(end) & UINT32;
                } else if (tag == LOG_CONTENT && contents.size() < limits.pairs()) {
                    contents.add(pair());
                } else {
                    fields.skip(tag, end);
                }
            }
            return new Log(time, contents);
        }

        private Pair pair() {
            int length = fields.length(array.length);
            int end = fields.position() + length;
            String key = "";
            String value = "";
            while (fields.position() < end) {
                int tag = fields.tag(end);
                if (tag == KEY) {
                    key = text(end);
                } else if (tag == VALUE) {
                    value = text(end);
                } else {
                    fields.skip(tag, end);
                }
            }
            return new Pair(key, value);
        }

        private String text(int end) {
            int length = fields.length(end);
            int from = fields.position();
            fields.advance(length, end);
            if (length <= limits.bytes()) {
                return Topics.decode(array, from, length);
            }
            int cut = limits.bytes();
            while (cut > 0 && (array[from + cut] & 0xc0) == 0x80) {
                cut--;
            }
            return Topics.decode(array, from, cut) + "... (" + length + " bytes)";
        }
    }
}
