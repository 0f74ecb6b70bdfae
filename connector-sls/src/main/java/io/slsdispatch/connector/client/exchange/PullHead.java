package io.slsdispatch.connector.client.exchange;

import java.util.Locale;

/**
 * What the head of an answer to a pull says ("PullLogs"): the number of groups, their size before compression and the next
 * cursor are required, each a plain decimal number or not empty; times are for metrics, and 0 where they make no sense.
 *
 * @param nextCursor where the next pull continues. An empty one of an answer without groups means that the cursor stays
 *     (the official consumers keep the old one then)
 */
record PullHead(
        String nextCursor,
        String compression,
        int rawSize,
        int groups,
        boolean endOfShard,
        long receivedAtSeconds,
        long serverTimeSeconds) {

    static final String LZ4 = "lz4";

    private static final String CURSOR = "x-log-cursor";

    /** The service gives some 10 MB at most; the limit keeps a wrong header from taking all memory. */
    private static final int MAX_RAW_SIZE = 64 << 20;

    /** No byte of an LZ4 block stands for more: a run is lengthened by 255 at a time. */
    private static final int LZ4_MAX_RATIO = 255;

    /** In the year 2100. A later time is none in seconds. */
    private static final long LAST_SECOND = 4_102_444_800L;

    /**
     * Reads a head.
     *
     * @param asked the cursor that the pull began at
     * @throws UnreadableAnswerException when a required header is missing or no number, or cannot be true
     * @throws AnswerTooLargeException when it may be true, but is more than this client takes
     */
    static PullHead of(Answer answer, String asked) throws UnreadableAnswerException, AnswerTooLargeException {
        String compression = answer.header("x-log-compresstype").toLowerCase(Locale.ROOT);
        int groups = (int) number(answer, "x-log-count", Integer.MAX_VALUE);
        return new PullHead(
                nextCursor(answer, groups, asked),
                compression,
                rawSize(answer, compression),
                groups,
                answer.header("x-log-end-of-cursor").equals("1"),
                secondsOrZero(answer.header("x-log-cursor-time")),
                secondsOrZero(answer.header("x-log-time")));
    }

    private static String nextCursor(Answer answer, int groups, String asked) throws UnreadableAnswerException {
        String cursor = answer.header(CURSOR);
        if (!cursor.isEmpty()) {
            return cursor;
        }
        if (groups == 0 && answer.headers().contains(CURSOR)) {
            return asked;
        }
        throw new UnreadableAnswerException(
                "the answer has no next cursor (" + CURSOR + ") behind " + groups + " groups");
    }

    private static int rawSize(Answer answer, String compression)
            throws UnreadableAnswerException, AnswerTooLargeException {
        long size = number(answer, "x-log-bodyrawsize", Integer.MAX_VALUE);
        int body = answer.body().readableBytes();
        if (compression.equals(LZ4) && size > (body + 1L) * LZ4_MAX_RATIO) {
            throw new UnreadableAnswerException(
                    "the answer claims " + size + " bytes in an lz4 block of " + body + ", which is more than fit in");
        }
        if (size > MAX_RAW_SIZE) {
            throw new AnswerTooLargeException(String.valueOf(size), MAX_RAW_SIZE, true);
        }
        return (int) size;
    }

    private static long number(Answer answer, String header, long most) throws UnreadableAnswerException {
        String value = answer.header(header);
        long number;
        try {
            number = value.startsWith("+") ? -1 : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new UnreadableAnswerException(
                    "the answer's " + header + " is '" + value + "' where a number is expected", e);
        }
        if (number < 0 || number > most) {
            throw new UnreadableAnswerException(
                    "the answer's " + header + " claims " + value + ", which is not 0 to " + most);
        }
        return number;
    }

    private static long secondsOrZero(String value) {
        try {
            long seconds = Long.parseLong(value);
            return seconds < 0 || seconds > LAST_SECOND ? 0 : seconds;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
