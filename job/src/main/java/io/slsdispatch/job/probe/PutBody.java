package io.slsdispatch.job.probe;

import io.slsdispatch.connector.wire.FieldWriter;
import io.slsdispatch.connector.wire.Lz4;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The body of a put.
 *
 * @param headers that describe it
 * @param raw size of its groups before compression
 */
record PutBody(byte[] bytes, Map<String, String> headers, long raw) {

    private static final int LZ4 = 2;
    private static final int HEADER_SINGLE_SEGMENT = 0x20;
    private static final int MOST_OF_SMALL_FRAME = 255;

    /** One group as an LZ4 block. */
    static PutBody lz4(byte[] group) {
        return block(compressed(group), group.length);
    }

    /** One group as a given LZ4 block. */
    static PutBody block(byte[] block, int raw) {
        return new PutBody(block, Map.of("x-log-compresstype", "lz4", "x-log-bodyrawsize", String.valueOf(raw)), raw);
    }

    /** One small group as a zstd frame that stores it without compressing it. */
    static PutBody zstd(byte[] group) {
        int size = group.length;
        if (size > MOST_OF_SMALL_FRAME) {
            throw new IllegalArgumentException("a group of " + size + " bytes");
        }
        byte[] frame = new byte[size + 9];
        int head = size << 3 | 1;
        byte[] start = {
            0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, HEADER_SINGLE_SEGMENT, (byte) size, (byte) head, (byte) (head >> 8), 0
        };
        System.arraycopy(start, 0, frame, 0, start.length);
        System.arraycopy(group, 0, frame, start.length, size);
        return new PutBody(
                frame, Map.of("x-log-compresstype", "zstd", "x-log-bodyrawsize", String.valueOf(size)), size);
    }

    /** Several groups, mode {@code batch_group}. */
    static PutBody list(List<byte[]> groups) {
        FieldWriter list = new FieldWriter(1024);
        long raw = 0;
        for (byte[] group : groups) {
            byte[] block = compressed(group);
            list.bytes(
                    1,
                    new FieldWriter(block.length + 16)
                            .bytes(1, block)
                            .number(2, group.length)
                            .number(3, LZ4)
                            .toBytes());
            raw += group.length;
        }
        byte[] bytes = list.toBytes();
        return new PutBody(
                bytes,
                Map.of(
                        "x-log-compresstype",
                        "lz4",
                        "x-log-mode",
                        "batch_group",
                        "x-log-bodyrawsize",
                        String.valueOf(bytes.length)),
                raw);
    }

    static byte[] compressed(byte[] group) {
        byte[] block = new byte[Lz4.maxLength(group.length)];
        return Arrays.copyOf(block, Lz4.compress(group, 0, group.length, block, 0));
    }
}
