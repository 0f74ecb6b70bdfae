package io.slsdispatch.connector.deadletter;

import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.FieldWriter;
import io.slsdispatch.connector.wire.LogGroupFields;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/** A dead letter as a row of logs, each made when it is asked for, since together they may be large. */
public final class EncodedDeadLetter {

    /** 960 kB as base64: with the other fields a log stays below 1 MB. */
    static final int CHUNK_BYTES = 720_000;

    /** Longer texts of others are cut: they may be a whole page, or a topic of many kilobytes. */
    private static final int LONGEST_TEXT = 1_000;

    private static final int ROOM_FOR_FIELDS = 4_096;

    private final DeadLetter letter;
    private final String id;
    private final String copy;
    private final String encoding;
    private final byte[] body;
    private final int bodyOffset;
    private final int bodyLength;
    private final String sha256;

    EncodedDeadLetter(DeadLetter letter, String copy, String encoding, byte[] body, int bodyOffset, int bodyLength) {
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

    /** How many logs it takes; at least one. */
    public int chunks() {
        return Math.max(1, (bodyLength + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }

    /** More than {@link #log} of this chunk has, unless the texts in it are long. */
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
        DeadLetter.Reason reason = letter.reason();
        FieldWriter log = new FieldWriter(base64.length + ROOM_FOR_FIELDS);
        log.number(LogGroupFields.LOG_TIME, Math.max(0, letter.time().getEpochSecond()));
        add(log, LetterFields.VERSION, LetterFields.VERSION_1);
        add(log, LetterFields.ID, id);
        if (!letter.hasOlderId()) {
            add(log, LetterFields.ID_VERSION, String.valueOf(letter.idVersion()));
        }
        add(log, LetterFields.COPY, copy);
        add(log, LetterFields.CHUNK, String.valueOf(chunk));
        add(log, LetterFields.CHUNKS, String.valueOf(chunks()));
        add(log, LetterFields.REASON, reason.cause().name().toLowerCase(Locale.ROOT));
        add(log, LetterFields.ERROR_CODE, cut(reason.errorCode()));
        add(log, LetterFields.HTTP_STATUS, String.valueOf(reason.httpStatus()));
        add(log, LetterFields.REQUEST_ID, cut(reason.requestId()));
        add(log, LetterFields.MESSAGE, cut(reason.message()));
        add(log, LetterFields.TARGET, letter.target());
        add(log, LetterFields.TARGET_LOGSTORE, letter.logstore().toString());
        if (!letter.scope().isEmpty()) {
            add(log, LetterFields.TARGET_SCOPE, letter.scope());
        }
        add(log, LetterFields.TOPIC, cut(group.topic()));
        add(log, LetterFields.SOURCE_SHARD, String.valueOf(group.shard()));
        add(log, LetterFields.SOURCE_CURSOR, group.cursor());
        add(log, LetterFields.SOURCE_INDEX, String.valueOf(group.index()));
        if (!letter.hasOlderId() && group.number().isPresent()) {
            add(log, LetterFields.SOURCE_NUMBER, String.valueOf(group.number().getAsLong()));
        }
        if (!group.part().isEmpty()) {
            add(log, LetterFields.SOURCE_PART, group.part());
        }
        add(log, LetterFields.TIME, letter.time().toString());
        add(log, LetterFields.BYTES, String.valueOf(group.length()));
        add(log, LetterFields.SHA_256, sha256);
        add(log, LetterFields.ENCODING, encoding);
        FieldWriter content = new FieldWriter(base64.length + 32);
        content.text(LogGroupFields.CONTENT_KEY, LetterFields.BODY).bytes(LogGroupFields.CONTENT_VALUE, base64);
        return log.bytes(LogGroupFields.LOG_CONTENTS, content.toBytes()).toBytes();
    }

    private static void add(FieldWriter log, String key, String value) {
        FieldWriter content = new FieldWriter(64);
        content.text(LogGroupFields.CONTENT_KEY, key).text(LogGroupFields.CONTENT_VALUE, value);
        log.bytes(LogGroupFields.LOG_CONTENTS, content.toBytes());
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST_TEXT) {
            return text;
        }
        // Never between the halves of a character.
        int end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return text.substring(0, end) + "...";
    }
}
