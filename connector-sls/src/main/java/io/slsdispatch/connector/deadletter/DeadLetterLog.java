package io.slsdispatch.connector.deadletter;

import io.slsdispatch.connector.model.LogstoreId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One log of a dead letter, parsed and validated on its own.
 *
 * @param idVersion how the id is computed
 * @param scope of the logstore, empty for none
 * @param number of the group in its shard, empty when it is unknown
 * @param part of the group at its position, empty for the whole group
 * @param bytes size of the group
 * @param body this chunk of the group in its {@code encoding}
 */
record DeadLetterLog(
        String id,
        int idVersion,
        String copy,
        int chunk,
        int chunks,
        DeadLetter.Reason reason,
        String target,
        LogstoreId logstore,
        String scope,
        int shard,
        String cursor,
        int index,
        OptionalLong number,
        String part,
        Instant time,
        int bytes,
        String sha256,
        String encoding,
        byte[] body) {

    /** More than any group can have; keeps a wrong number from exhausting the memory. */
    private static final int MOST_CHUNKS = 10_000;

    private static final int MOST_BYTES = 1 << 30;

    /** @throws IllegalArgumentException when the encoder cannot have written it; the message says why */
    static DeadLetterLog of(Map<String, String> log) {
        String version = text(log, DeadLetterFields.VERSION);
        if (!version.equals(DeadLetterFields.VERSION_1)) {
            throw new IllegalArgumentException(
                    "it has version " + version + "; this build reads version 1. It was written by a newer build");
        }
        int chunks = number(log, DeadLetterFields.CHUNKS, 1, MOST_CHUNKS);
        return new DeadLetterLog(
                text(log, DeadLetterFields.ID),
                idVersion(log),
                text(log, DeadLetterFields.COPY),
                number(log, DeadLetterFields.CHUNK, 0, chunks - 1),
                chunks,
                new DeadLetter.Reason(
                        cause(text(log, DeadLetterFields.REASON)),
                        text(log, DeadLetterFields.ERROR_CODE),
                        number(log, DeadLetterFields.HTTP_STATUS, -1, Integer.MAX_VALUE),
                        text(log, DeadLetterFields.REQUEST_ID),
                        text(log, DeadLetterFields.MESSAGE)),
                text(log, DeadLetterFields.TARGET),
                logstore(text(log, DeadLetterFields.TARGET_LOGSTORE)),
                log.getOrDefault(DeadLetterFields.TARGET_SCOPE, ""),
                number(log, DeadLetterFields.SOURCE_SHARD, Integer.MIN_VALUE, Integer.MAX_VALUE),
                text(log, DeadLetterFields.SOURCE_CURSOR),
                number(log, DeadLetterFields.SOURCE_INDEX, Integer.MIN_VALUE, Integer.MAX_VALUE),
                sourceNumber(log),
                log.getOrDefault(DeadLetterFields.SOURCE_PART, ""),
                time(text(log, DeadLetterFields.TIME)),
                number(log, DeadLetterFields.BYTES, 0, MOST_BYTES),
                text(log, DeadLetterFields.SHA_256),
                text(log, DeadLetterFields.ENCODING),
                body(text(log, DeadLetterFields.BODY)));
    }

    private static int idVersion(Map<String, String> log) {
        return log.containsKey(DeadLetterFields.ID_VERSION)
                ? number(log, DeadLetterFields.ID_VERSION, DeadLetter.ID_VERSION, DeadLetter.ID_VERSION)
                : DeadLetter.OLDEST_ID_VERSION;
    }

    private static OptionalLong sourceNumber(Map<String, String> log) {
        String text = log.get(DeadLetterFields.SOURCE_NUMBER);
        try {
            return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the field " + DeadLetterFields.SOURCE_NUMBER + " has the invalid value '" + text + "'", e);
        }
    }

    private static String text(Map<String, String> log, String key) {
        String text = log.get(key);
        if (text == null) {
            throw new IllegalArgumentException("the field " + key + " is missing");
        }
        return text;
    }

    private static int number(Map<String, String> log, String key, int min, int max) {
        String text = text(log, key);
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Rejected below.
        }
        throw new IllegalArgumentException("the field " + key + " has the invalid value '" + text + "'");
    }

    private static DeadLetter.Cause cause(String text) {
        return Arrays.stream(DeadLetter.Cause.values())
                .filter(cause -> cause.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the reason '" + text + "' is unknown"));
    }

    private static LogstoreId logstore(String text) {
        int slash = text.indexOf('/');
        return new LogstoreId(text.substring(0, Math.max(0, slash)), text.substring(slash + 1));
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("the time '" + text + "' is not ISO-8601", e);
        }
    }

    private static byte[] body(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the body is not base64", e);
        }
    }
}
