package io.slsdispatch.connector.client.sdk;

import com.aliyun.openservices.log.response.PullLogsResponse;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.slsdispatch.connector.model.PulledBatch;
import java.util.Locale;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** Turns answers to pulls into batches: decompressed, checked against what their headers say, not parsed. */
final class PulledBatches {

    /** The service gives some 10 MB at most; the limit keeps a broken header from taking all memory. */
    private static final int MAX_RAW_SIZE = 64 << 20;

    private static final byte[] NOTHING = new byte[0];
    private static final LZ4SafeDecompressor LZ4 = LZ4Factory.fastestInstance().safeDecompressor();

    private PulledBatches() {}

    /** @throws UnreadableAnswerException when the body is not what the headers say */
    static PulledBatch of(PullLogsResponse answer) throws UnreadableAnswerException {
        String nextCursor = answer.getNextCursor();
        if (nextCursor == null || nextCursor.isEmpty()) {
            throw new UnreadableAnswerException("the answer has no next cursor");
        }
        byte[] data = decompress(answer);
        return new PulledBatch(
                data,
                data.length,
                answer.getCount(),
                nextCursor,
                answer.isEndOfCursor(),
                answer.getCursorTime(),
                serverTime(answer));
    }

    private static byte[] decompress(PullLogsResponse answer) throws UnreadableAnswerException {
        int rawSize = answer.getRawSize();
        if (rawSize < 0 || rawSize > MAX_RAW_SIZE) {
            throw new UnreadableAnswerException(
                    "the answer claims " + rawSize + " bytes; at most " + MAX_RAW_SIZE + " are believed");
        }
        if (rawSize == 0) {
            return NOTHING;
        }
        byte[] body = answer.getRawData();
        byte[] data = new byte[rawSize];
        String compression = answer.GetHeader("x-log-compresstype").toLowerCase(Locale.ROOT);
        long size =
                switch (compression) {
                    case "lz4" -> lz4(body, data);
                    case "zstd" -> zstd(body, data);
                    default -> throw new UnreadableAnswerException("the answer is compressed as '" + compression + "'");
                };
        if (size != rawSize) {
            throw new UnreadableAnswerException(
                    "the answer is not " + rawSize + " bytes of " + compression + " as it claims");
        }
        return data;
    }

    private static long lz4(byte[] body, byte[] data) throws UnreadableAnswerException {
        try {
            return LZ4.decompress(body, 0, body.length, data, 0);
        } catch (LZ4Exception e) {
            throw new UnreadableAnswerException("the answer is not the lz4 block that it claims to be");
        }
    }

    private static long zstd(byte[] body, byte[] data) throws UnreadableAnswerException {
        try {
            return Zstd.decompress(data, body);
        } catch (ZstdException e) {
            throw new UnreadableAnswerException("the answer is not the zstd frame that it claims to be");
        }
    }

    private static long serverTime(PullLogsResponse answer) {
        String seconds = answer.GetHeader("x-log-time");
        try {
            return seconds.isEmpty() ? 0 : Long.parseLong(seconds.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
