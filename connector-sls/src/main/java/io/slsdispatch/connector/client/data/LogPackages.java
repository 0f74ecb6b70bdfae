package io.slsdispatch.connector.client.data;

import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.Codec;
import io.slsdispatch.connector.wire.Codecs;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.connector.wire.Lz4;
import java.nio.ByteBuffer;

/**
 * The body of {@code batch_group}: a protobuf {@code SlsLogPackageList}, each of whose packages holds one compressed
 * group, its raw size and the kind of compression.
 */
final class LogPackages {

    private static final int PACKAGE = (1 << 3) | 2;
    private static final int DATA = (1 << 3) | 2;
    private static final int RAW_SIZE = 2 << 3;
    private static final int COMPRESSION = 3 << 3;
    private static final int LZ4 = 2;
    private static final int ZSTD = 3;

    private static final int MAX_VARINT = 5;

    /** Maximum size of what precedes the block: two tags and two lengths. */
    private static final int MAX_HEAD = 2 * (1 + MAX_VARINT);

    /** Maximum size of what follows the block: the raw size and the kind of compression. */
    private static final int MAX_TAIL = 1 + MAX_VARINT + 2;

    private LogPackages() {}

    /** The maximum size of a group's package in bytes. */
    static int maxLength(RawLogGroup group, Compression kind) {
        return MAX_HEAD + maxBlockLength(group, kind) + MAX_TAIL;
    }

    /** The maximum size in bytes of a group that is compressed in this way. */
    static int maxBlockLength(RawLogGroup group, Compression kind) {
        ByteSlice block = group.block();
        return block != null && group.packing() == kind ? block.length() : kind.maxLength(group.length());
    }

    /**
     * Writes a compressed group to a direct buffer, which must have {@link #maxBlockLength} bytes free. A group that is
     * packed in this way is copied; others are compressed now.
     *
     * @param index where in the buffer; its position does not change
     * @return the compressed length
     */
    static int writeBlock(RawLogGroup group, CompressionConfig compression, ByteBuffer to, int index) {
        ByteSlice block = group.block();
        if (block != null && group.packing() == compression.kind()) {
            to.put(index, block.array(), block.offset(), block.length());
            return block.length();
        }
        if (block == null && compression.kind() == Compression.LZ4) {
            ByteSlice bytes = group.bytes();
            return Lz4.compress(bytes.array(), bytes.offset(), bytes.length(), to, index);
        }
        try (Codec codec = Codecs.borrow()) {
            return compress(codec, group, compression, to, index);
        }
    }

    private static int compress(
            Codec codec, RawLogGroup group, CompressionConfig compression, ByteBuffer to, int index) {
        Compression kind = compression.kind();
        ByteSlice block = group.block();
        Compression packing = group.packing();
        if (block == null || packing == null) {
            ByteSlice bytes = group.bytes();
            return codec.compress(kind, compression.level(), bytes.array(), bytes.offset(), bytes.length(), to, index);
        }
        return codec.recompress(
                packing,
                block.array(),
                block.offset(),
                block.length(),
                group.length(),
                kind,
                compression.level(),
                to,
                index);
    }

    /** Appends a group's package at the position of a direct buffer, which must have {@link #maxLength} bytes free. */
    static void write(RawLogGroup group, CompressionConfig compression, ByteBuffer to) {
        // The length of the head depends on that of the block: the block is moved up to the head, at almost no cost.
        int start = to.position();
        int length = writeBlock(group, compression, to, start + MAX_HEAD);
        int tail = 1 + varintLength(group.length()) + 2;
        to.put((byte) PACKAGE);
        writeVarint(1 + varintLength(length) + length + tail, to);
        to.put((byte) DATA);
        writeVarint(length, to);
        to.put(to.position(), to, start + MAX_HEAD, length);
        to.position(to.position() + length);
        to.put((byte) RAW_SIZE);
        writeVarint(group.length(), to);
        to.put((byte) COMPRESSION);
        to.put((byte) (compression.kind() == Compression.ZSTD ? ZSTD : LZ4));
    }

    private static int varintLength(int value) {
        int length = 1;
        for (int rest = value >>> 7; rest != 0; rest >>>= 7) {
            length++;
        }
        return length;
    }

    private static void writeVarint(int value, ByteBuffer to) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            to.put((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        to.put((byte) rest);
    }
}
