package io.slsdispatch.connector.client.http;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.netty.buffer.ByteBuf;
import io.slsdispatch.connector.lz4.Lz4;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.PulledBatch;
import java.util.Locale;
import net.jpountz.lz4.LZ4Exception;

/** Turns answers to pulls into batches: decompressed, checked against what their headers say, not parsed. */
final class PulledBatches {

    /** The service gives some 10 MB at most; the limit keeps a broken header from taking all memory. */
    private static final int MAX_RAW_SIZE = 64 << 20;

    private static final String LZ4 = "lz4";

    /** A frame around nothing is no longer; a group is. */
    private static final int MOST_OF_NOTHING = 16;

    private final ArrayPool arrays;

    PulledBatches(ArrayPool arrays) {
        this.arrays = arrays;
    }

    /** A batch that is still compressed. */
    @FunctionalInterface
    interface Packed {

        /** @throws UnreadableAnswerException when the body is not what the headers say */
        PulledBatch unpack() throws UnreadableAnswerException;
    }

    /** @throws UnreadableAnswerException when the body is not what the headers say */
    PulledBatch of(Answer answer) throws UnreadableAnswerException {
        return packed(answer).unpack();
    }

    /**
     * Takes an answer, and leaves for later what is work.
     *
     * @throws UnreadableAnswerException when the headers are not those of a batch
     */
    Packed packed(Answer answer) throws UnreadableAnswerException {
        String nextCursor = answer.header("x-log-cursor");
        if (nextCursor.isEmpty()) {
            throw new UnreadableAnswerException("the answer has no next cursor");
        }
        String compression = answer.header("x-log-compresstype").toLowerCase(Locale.ROOT);
        int length = rawSize(answer);
        int groups = count(answer);
        boolean endOfShard = answer.header("x-log-end-of-cursor").equals("1");
        long receivedAtSeconds = secondsOrZero(answer, "x-log-cursor-time");
        long serverTimeSeconds = secondsOrZero(answer, "x-log-time");
        ByteSlice body = body(answer.body());
        return () -> {
            byte[] data = arrays.take(length);
            restore(compression, body, data, length);
            return new PulledBatch(
                    data,
                    length,
                    compression.equals(LZ4) && length > 0 ? body : null,
                    groups,
                    nextCursor,
                    endOfShard,
                    receivedAtSeconds,
                    serverTimeSeconds,
                    arrays.giveBackOnce(data, body.array()));
        };
    }

    private ByteSlice body(ByteBuf body) {
        int length = body.readableBytes();
        byte[] array = arrays.take(length);
        body.getBytes(body.readerIndex(), array, 0, length);
        return new ByteSlice(array, 0, length);
    }

    private static int count(Answer answer) throws UnreadableAnswerException {
        long count = number(answer, "x-log-count");
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new UnreadableAnswerException("the answer claims " + count + " log groups");
        }
        return (int) count;
    }

    private static int rawSize(Answer answer) throws UnreadableAnswerException {
        long claimed = number(answer, "x-log-bodyrawsize");
        if (claimed < 0 || claimed > MAX_RAW_SIZE) {
            throw new UnreadableAnswerException(
                    "the answer claims " + claimed + " bytes; at most " + MAX_RAW_SIZE + " are believed");
        }
        return (int) claimed;
    }

    private static void restore(String compression, ByteSlice body, byte[] data, int length)
            throws UnreadableAnswerException {
        if (length == 0) {
            if (body.length() > MOST_OF_NOTHING) {
                throw new UnreadableAnswerException(
                        "the answer claims to be empty, and has a body of " + body.length() + " bytes");
            }
            return;
        }
        long size =
                switch (compression) {
                    case LZ4 -> lz4(body, data, length);
                    case "zstd" -> zstd(body, data, length);
                    default -> throw new UnreadableAnswerException("the answer is compressed as '" + compression + "'");
                };
        if (size != length) {
            throw new UnreadableAnswerException(
                    "the answer is not " + length + " bytes of " + compression + " as it claims");
        }
    }

    private static long lz4(ByteSlice block, byte[] data, int length) throws UnreadableAnswerException {
        try {
            return Lz4.decompress(block.array(), block.offset(), block.length(), data, length);
        } catch (LZ4Exception e) {
            throw new UnreadableAnswerException("the answer is not the lz4 block that it claims to be");
        }
    }

    /** Some of the service's like send it, although lz4 is asked for. */
    private static long zstd(ByteSlice frame, byte[] data, int length) throws UnreadableAnswerException {
        try {
            return Zstd.decompressByteArray(data, 0, length, frame.array(), frame.offset(), frame.length());
        } catch (ZstdException e) {
            throw new UnreadableAnswerException("the answer is not the zstd frame that it claims to be");
        }
    }

    private static long number(Answer answer, String header) throws UnreadableAnswerException {
        String value = answer.header(header);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new UnreadableAnswerException(
                    "the answer's " + header + " is '" + value + "' where a number is expected");
        }
    }

    /** Times are for metrics only. */
    private static long secondsOrZero(Answer answer, String header) {
        String value = answer.header(header);
        if (value.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
