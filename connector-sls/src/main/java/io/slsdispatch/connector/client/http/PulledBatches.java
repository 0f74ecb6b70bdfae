package io.slsdispatch.connector.client.http;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.slsdispatch.connector.lz4.Lz4;
import io.slsdispatch.connector.model.PulledBatch;
import java.util.Locale;
import net.jpountz.lz4.LZ4Exception;

/** Turns answers to pulls into batches: decompressed, checked against what their headers say, not parsed. */
final class PulledBatches {

    /** The service gives some 10 MB at most; the limit keeps a broken header from taking all memory. */
    private static final int MAX_RAW_SIZE = 64 << 20;

    private static final byte[] NOTHING = new byte[0];

    private PulledBatches() {}

    /** @throws UnreadableAnswerException when the body is not what the headers say */
    static PulledBatch of(Answer answer) throws UnreadableAnswerException {
        String nextCursor = answer.header("x-log-cursor");
        if (nextCursor.isEmpty()) {
            throw new UnreadableAnswerException("the answer has no next cursor");
        }
        int groups = count(answer);
        byte[] data = decompress(answer);
        return new PulledBatch(
                data,
                data.length,
                isLz4(answer) && data.length > 0 ? ByteBufUtil.getBytes(answer.body()) : null,
                groups,
                nextCursor,
                answer.header("x-log-end-of-cursor").equals("1"),
                secondsOrZero(answer, "x-log-cursor-time"),
                secondsOrZero(answer, "x-log-time"));
    }

    private static int count(Answer answer) throws UnreadableAnswerException {
        long count = number(answer, "x-log-count");
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new UnreadableAnswerException("the answer claims " + count + " log groups");
        }
        return (int) count;
    }

    private static byte[] decompress(Answer answer) throws UnreadableAnswerException {
        long claimed = number(answer, "x-log-bodyrawsize");
        if (claimed < 0 || claimed > MAX_RAW_SIZE) {
            throw new UnreadableAnswerException(
                    "the answer claims " + claimed + " bytes; at most " + MAX_RAW_SIZE + " are believed");
        }
        if (claimed == 0) {
            return NOTHING;
        }
        // Filled in place: the groups are slices of it.
        byte[] data = new byte[(int) claimed];
        String compression = compression(answer);
        long size =
                switch (compression) {
                    case "lz4" -> lz4(answer.body(), data);
                    case "zstd" -> zstd(answer.body(), data);
                    default -> throw new UnreadableAnswerException("the answer is compressed as '" + compression + "'");
                };
        if (size != claimed) {
            throw new UnreadableAnswerException(
                    "the answer is not " + claimed + " bytes of " + compression + " as it claims");
        }
        return data;
    }

    private static String compression(Answer answer) {
        return answer.header("x-log-compresstype").toLowerCase(Locale.ROOT);
    }

    private static boolean isLz4(Answer answer) {
        return compression(answer).equals("lz4");
    }

    private static long lz4(ByteBuf body, byte[] data) throws UnreadableAnswerException {
        try {
            return Lz4.decompress(body.nioBuffer(), data);
        } catch (LZ4Exception e) {
            throw new UnreadableAnswerException("the answer is not the lz4 block that it claims to be");
        }
    }

    /** Some of the service's like send it, although lz4 is asked for. */
    private static long zstd(ByteBuf body, byte[] data) throws UnreadableAnswerException {
        try {
            return Zstd.decompress(data, ByteBufUtil.getBytes(body));
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
        try {
            return Long.parseLong(answer.header(header));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
