package io.slsdispatch.connector.deadletter;

import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.FieldWriter;
import io.slsdispatch.connector.wire.LogGroupFields;
import io.slsdispatch.connector.wire.Lz4;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.apache.flink.annotation.Internal;

/**
 * Encodes dead letters as logs. Each log is readable in the console of the service: it contains the target that did not
 * accept the group, and the reason. Its last field contains the group, compressed and in Base64. A large group is split
 * over several logs, since one value should have at most 1 MB ("Data read and write").
 *
 * <p>One thread at a time.
 */
@Internal
public final class DeadLetterEncoder {

    /** The topic of all log groups that contain dead letters. */
    public static final String TOPIC = "sls-dispatch-dead-letter";

    /** The field Source of these groups. */
    private static final String SOURCE = "sls-dispatch";

    private static final int COPY_BYTES = 8;

    /** 960 kB in Base64: with the other fields a log stays below 1 MB. */
    static final int CHUNK_BYTES = 720_000;

    /** Longer texts from outside are truncated: they may be a whole page, or a topic of many kilobytes. */
    private static final int LONGEST_TEXT = 1_000;

    private static final int ROOM_FOR_FIELDS = 4_096;

    private final RandomGenerator random;

    /** @param random distinguishes the attempts to store one dead letter */
    public DeadLetterEncoder(RandomGenerator random) {
        this.random = random;
    }

    /** The number of logs of a dead letter. */
    public int chunks(DeadLetter letter) {
        // The compressed form is used only if it is smaller.
        return letter.group().length() <= CHUNK_BYTES ? 1 : encode(letter).chunks();
    }

    /** Encodes a dead letter as one or more logs. */
    public Encoded encode(DeadLetter letter) {
        byte[] copy = new byte[COPY_BYTES];
        random.nextBytes(copy);
        ByteSlice bytes = letter.group().bytes();
        byte[] array = bytes.array();
        int offset = bytes.offset();
        int length = bytes.length();
        byte[] room = new byte[Lz4.maxLength(length)];
        byte[] compressed = Arrays.copyOf(room, Lz4.compress(array, offset, length, room, 0));
        boolean smaller = compressed.length < length;
        return new Encoded(
                letter,
                HexFormat.of().formatHex(copy),
                smaller ? DeadLetterFields.LZ4 : DeadLetterFields.PLAIN,
                smaller ? compressed : array,
                smaller ? 0 : offset,
                smaller ? compressed.length : length);
    }

    /** Serializes a log group of logs that {@link Encoded#log} returned, from any number of dead letters. */
    public static byte[] group(List<byte[]> logs) {
        int size = 64;
        for (byte[] log : logs) {
            size += log.length + 8;
        }
        FieldWriter group = new FieldWriter(size);
        for (byte[] log : logs) {
            group.bytes(LogGroupFields.LOGS, log);
        }
        return group.text(LogGroupFields.TOPIC, TOPIC)
                .text(LogGroupFields.SOURCE, SOURCE)
                .toBytes();
    }

    private static void add(FieldWriter log, String key, String value) {
        FieldWriter content = new FieldWriter(64);
        content.text(LogGroupFields.CONTENT_KEY, key).text(LogGroupFields.CONTENT_VALUE, value);
        log.bytes(LogGroupFields.LOG_CONTENTS, content.toBytes());
    }

    /** Adds the position of the group in the source. */
    private static void addOrigin(FieldWriter log, DeadLetter letter) {
        RawLogGroup group = letter.group();
        add(log, DeadLetterFields.TOPIC, cut(group.topic()));
        add(log, DeadLetterFields.SOURCE_SHARD, String.valueOf(group.shard()));
        add(log, DeadLetterFields.SOURCE_CURSOR, group.cursor());
        add(log, DeadLetterFields.SOURCE_INDEX, String.valueOf(group.index()));
        if (!letter.hasOlderId() && group.number().isPresent()) {
            add(
                    log,
                    DeadLetterFields.SOURCE_NUMBER,
                    String.valueOf(group.number().getAsLong()));
        }
        if (!group.part().isEmpty()) {
            add(log, DeadLetterFields.SOURCE_PART, group.part());
        }
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST_TEXT) {
            return text;
        }
        // Never between the halves of a surrogate pair.
        int end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return text.substring(0, end) + "...";
    }

    /** The logs of a dead letter, each created on demand, since together they may be large. */
    public static final class Encoded {

        private final DeadLetter letter;
        private final String id;
        private final String copy;
        private final String encoding;
        private final byte[] body;
        private final int bodyOffset;
        private final int bodyLength;
        private final String sha256;

        private Encoded(DeadLetter letter, String copy, String encoding, byte[] body, int bodyOffset, int bodyLength) {
            this.letter = letter;
            this.id = letter.id();
            this.copy = copy;
            this.encoding = encoding;
            this.body = body;
            this.bodyOffset = bodyOffset;
            this.bodyLength = bodyLength;
            ByteSlice bytes = letter.group().bytes();
            this.sha256 = Sha256.hex(bytes.array(), bytes.offset(), bytes.length());
        }

        /** The number of logs; at least one. */
        public int chunks() {
            return Math.max(1, (bodyLength + CHUNK_BYTES - 1) / CHUNK_BYTES);
        }

        /** An upper bound of the size of this chunk's {@link #log}, unless its texts are long. */
        public int logBytesAtMost(int chunk) {
            int body = Math.min(CHUNK_BYTES, bodyLength - chunk * CHUNK_BYTES);
            return body / 3 * 4 + ROOM_FOR_FIELDS;
        }

        /** One of the logs, serialized; below 1 MB. */
        public byte[] log(int chunk) {
            int from = bodyOffset + chunk * CHUNK_BYTES;
            int to = Math.min(from + CHUNK_BYTES, bodyOffset + bodyLength);
            byte[] base64 = Base64.getEncoder().encode(Arrays.copyOfRange(body, from, to));
            RawLogGroup group = letter.group();
            FieldWriter log = new FieldWriter(base64.length + ROOM_FOR_FIELDS);
            log.number(LogGroupFields.LOG_TIME, Math.max(0, letter.time().getEpochSecond()));
            add(log, DeadLetterFields.VERSION, DeadLetterFields.VERSION_1);
            add(log, DeadLetterFields.ID, id);
            if (!letter.hasOlderId()) {
                add(log, DeadLetterFields.ID_VERSION, String.valueOf(letter.idVersion()));
            }
            add(log, DeadLetterFields.COPY, copy);
            add(log, DeadLetterFields.CHUNK, String.valueOf(chunk));
            add(log, DeadLetterFields.CHUNKS, String.valueOf(chunks()));
            addReason(log, letter.reason());
            add(log, DeadLetterFields.TARGET, letter.target());
            add(log, DeadLetterFields.TARGET_LOGSTORE, letter.logstore().toString());
            if (!letter.scope().isEmpty()) {
                add(log, DeadLetterFields.TARGET_SCOPE, letter.scope());
            }
            addOrigin(log, letter);
            add(log, DeadLetterFields.TIME, letter.time().toString());
            add(log, DeadLetterFields.BYTES, String.valueOf(group.length()));
            add(log, DeadLetterFields.SHA_256, sha256);
            add(log, DeadLetterFields.ENCODING, encoding);
            return log.bytes(LogGroupFields.LOG_CONTENTS, bodyContent(base64)).toBytes();
        }

        private static void addReason(FieldWriter log, DeadLetter.Reason reason) {
            add(log, DeadLetterFields.REASON, reason.cause().name().toLowerCase(Locale.ROOT));
            add(log, DeadLetterFields.ERROR_CODE, cut(reason.errorCode()));
            add(log, DeadLetterFields.HTTP_STATUS, String.valueOf(reason.httpStatus()));
            add(log, DeadLetterFields.REQUEST_ID, cut(reason.requestId()));
            add(log, DeadLetterFields.MESSAGE, cut(reason.message()));
        }

        private static byte[] bodyContent(byte[] base64) {
            FieldWriter content = new FieldWriter(base64.length + 32);
            content.text(LogGroupFields.CONTENT_KEY, DeadLetterFields.BODY).bytes(LogGroupFields.CONTENT_VALUE, base64);
            return content.toBytes();
        }
    }
}
