package io.slsdispatch.connector.client.data;

import io.slsdispatch.connector.client.exchange.Answer;
import io.slsdispatch.connector.client.exchange.ArrayPool;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.wire.Codec;
import io.slsdispatch.connector.wire.Codecs;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.connector.wire.Lz4;
import io.slsdispatch.connector.wire.ZstdFrames;
import java.time.Instant;
import java.util.Locale;
import net.jpountz.lz4.LZ4Exception;

/**
 * Turns answers to pulls into batches: decompresses them and checks them against their headers, but does not parse
 * them.
 */
final class PulledBatches {

    /** The maximum length of a frame without content; a group is longer. */
    private static final int MOST_OF_NOTHING = 16;

    private static final String CURSOR = "x-log-cursor";

    /** The service sends about 10 MB at most; the limit keeps a wrong header from exhausting the memory. */
    private static final int MAX_RAW_SIZE = 64 << 20;

    /** In the year 2100. A later time is not in seconds. */
    private static final long LAST_SECOND = 4_102_444_800L;

    private final ArrayPool arrays;

    PulledBatches(ArrayPool arrays) {
        this.arrays = arrays;
    }

    /**
     * The head of an answer to a pull ("PullLogs"). The number of groups, their size before compression and the next
     * cursor are required: the numbers are plain decimals, the cursor is not empty. Times are for metrics, and 0 where
     * they are implausible.
     *
     * @param nextCursor where the next pull continues. An empty cursor in an answer without groups means that the
     *     cursor does not change (the official consumers then keep the old one)
     */
    private record Head(
            String nextCursor,
            Compression compression,
            int rawSize,
            int groups,
            boolean endOfShard,
            long receivedAtSeconds,
            long serverTimeSeconds) {

        /**
         * Reads a head.
         *
         * @param asked the cursor at which the pull began
         * @throws Answer.UnreadableException when a required header is missing, is not a number, or is impossible
         * @throws Answer.TooLargeException when the size is possible, but larger than this client accepts
         */
        static Head of(Answer answer, String asked) throws Answer.UnreadableException, Answer.TooLargeException {
            int rawSize = rawSize(answer);
            int groups = (int) number(answer, "x-log-count", Integer.MAX_VALUE);
            return new Head(
                    nextCursor(answer, groups, asked),
                    rawSize == 0 ? Compression.LZ4 : compression(answer),
                    rawSize,
                    groups,
                    answer.header("x-log-end-of-cursor").equals("1"),
                    secondsOrZero(answer.header("x-log-cursor-time")),
                    answer.time().map(Instant::getEpochSecond).orElse(0L));
        }

        private static String nextCursor(Answer answer, int groups, String asked) throws Answer.UnreadableException {
            String cursor = answer.header(CURSOR);
            if (!cursor.isEmpty()) {
                return cursor;
            }
            if (groups == 0 && answer.hasHeader(CURSOR)) {
                return asked;
            }
            throw new Answer.UnreadableException(
                    "the response has no next cursor (" + CURSOR + ") after " + groups + " groups");
        }

        private static Compression compression(Answer answer) throws Answer.UnreadableException {
            String name = answer.header("x-log-compresstype").toLowerCase(Locale.ROOT);
            return switch (name) {
                case "lz4" -> Compression.LZ4;
                case "zstd" -> Compression.ZSTD;
                default ->
                    throw new Answer.UnreadableException("the response has the unknown compression '" + name + "'");
            };
        }

        private static int rawSize(Answer answer) throws Answer.UnreadableException, Answer.TooLargeException {
            long size = number(answer, "x-log-bodyrawsize", Integer.MAX_VALUE);
            int body = answer.length();
            Compression compression = size == 0 ? Compression.LZ4 : compression(answer);
            if (size > 0 && size > mostDecompressed(compression, body)) {
                // Checked before memory is allocated for a size that may be wrong.
                throw new Answer.UnreadableException("the response claims " + size + " bytes in " + body + " bytes of "
                        + compression.text() + ", which cannot contain that many");
            }
            if (size > MAX_RAW_SIZE) {
                throw new Answer.TooLargeException(String.valueOf(size), MAX_RAW_SIZE, true);
            }
            return (int) size;
        }

        private static long mostDecompressed(Compression compression, int body) {
            return switch (compression) {
                case LZ4 -> Lz4.mostDecompressed(body);
                case ZSTD -> ZstdFrames.mostDecompressed(body);
            };
        }

        private static long number(Answer answer, String header, long most) throws Answer.UnreadableException {
            String value = answer.header(header);
            long number;
            try {
                number = value.startsWith("+") ? -1 : Long.parseLong(value);
            } catch (NumberFormatException e) {
                throw new Answer.UnreadableException(
                        "header " + header + " of the response is '" + value + "'; expected a number", e);
            }
            if (number < 0 || number > most) {
                throw new Answer.UnreadableException(
                        "header " + header + " of the response is " + value + "; expected 0 to " + most);
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

    /** A batch that is still compressed. */
    @FunctionalInterface
    interface Packed {

        /** @throws Answer.UnreadableException when the body does not match the headers */
        PulledBatch unpack() throws Answer.UnreadableException;
    }

    /**
     * Accepts an answer, and defers decompression and validation: like a wrong body, a wrong header is reported when
     * the batch is unpacked.
     *
     * @param asked the cursor at which the pull began
     * @throws Answer.TooLargeException when it is too large to be decompressed
     */
    Packed packed(Answer answer, String asked) throws Answer.TooLargeException {
        Head head;
        try {
            head = Head.of(answer, asked);
        } catch (Answer.UnreadableException e) {
            return () -> {
                throw e;
            };
        }
        ByteSlice body = body(answer);
        return () -> restored(head, body);
    }

    private PulledBatch restored(Head head, ByteSlice body) throws Answer.UnreadableException {
        int length = head.rawSize();
        byte[] data = arrays.take(length);
        restore(head.compression(), body, data, length);
        return new PulledBatch(
                data,
                length,
                head.compression() == Compression.LZ4 && length > 0 ? body : null,
                head.groups(),
                head.nextCursor(),
                head.endOfShard(),
                head.receivedAtSeconds(),
                head.serverTimeSeconds(),
                arrays.giveBackOnce(data, body.array()));
    }

    private ByteSlice body(Answer answer) {
        int length = answer.length();
        byte[] array = arrays.take(length);
        answer.copyBody(array);
        return new ByteSlice(array, 0, length);
    }

    private static void restore(Compression compression, ByteSlice body, byte[] data, int length)
            throws Answer.UnreadableException {
        if (length == 0) {
            if (body.length() > MOST_OF_NOTHING) {
                throw new Answer.UnreadableException(
                        "the response claims to be empty, but has a body of " + body.length() + " bytes");
            }
            return;
        }
        long size = compression == Compression.LZ4 ? lz4(body, data, length) : zstd(body, data, length);
        if (size != length) {
            throw new Answer.UnreadableException("the response claims " + length + " bytes, but its "
                    + compression.text() + " body has another size");
        }
    }

    private static long lz4(ByteSlice block, byte[] data, int length) throws Answer.UnreadableException {
        try {
            return Lz4.decompress(block.array(), block.offset(), block.length(), data, length);
        } catch (LZ4Exception e) {
            throw new Answer.UnreadableException("the response is not a valid lz4 block");
        }
    }

    /** Some services that are compatible with SLS send zstd although lz4 is requested. */
    private static long zstd(ByteSlice frame, byte[] data, int length) throws Answer.UnreadableException {
        try (Codec codec = Codecs.borrow()) {
            return codec.decompressFrames(frame.array(), frame.offset(), frame.length(), data, length);
        } catch (ZstdFrames.UnreadableFrameException e) {
            throw new Answer.UnreadableException("the response is " + e.getMessage());
        }
    }
}
