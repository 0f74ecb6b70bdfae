package io.slsdispatch.connector.client.exchange;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.netty.buffer.ByteBuf;
import io.slsdispatch.connector.lz4.Lz4;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.PulledBatch;
import net.jpountz.lz4.LZ4Exception;

/** Turns answers to pulls into batches: decompressed, checked against what their headers say, not parsed. */
final class PulledBatches {

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

    /**
     * Takes an answer, and leaves for later what is work, and what is wrong with it: a wrong header is like a wrong body,
     * found by whoever looks into it.
     *
     * @param asked the cursor that the pull began at
     * @throws AnswerTooLargeException when it is too large to be restored
     */
    Packed packed(Answer answer, String asked) throws AnswerTooLargeException {
        PullHead head;
        try {
            head = PullHead.of(answer, asked);
        } catch (UnreadableAnswerException e) {
            return () -> {
                throw e;
            };
        }
        ByteSlice body = body(answer.body());
        return () -> restored(head, body);
    }

    private PulledBatch restored(PullHead head, ByteSlice body) throws UnreadableAnswerException {
        int length = head.rawSize();
        byte[] data = arrays.take(length);
        restore(head.compression(), body, data, length);
        return new PulledBatch(
                data,
                length,
                head.compression().equals(PullHead.LZ4) && length > 0 ? body : null,
                head.groups(),
                head.nextCursor(),
                head.endOfShard(),
                head.receivedAtSeconds(),
                head.serverTimeSeconds(),
                arrays.giveBackOnce(data, body.array()));
    }

    private ByteSlice body(ByteBuf body) {
        int length = body.readableBytes();
        byte[] array = arrays.take(length);
        body.getBytes(body.readerIndex(), array, 0, length);
        return new ByteSlice(array, 0, length);
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
                    case PullHead.LZ4 -> lz4(body, data, length);
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
}
