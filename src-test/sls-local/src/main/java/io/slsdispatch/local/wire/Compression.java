package io.slsdispatch.local.wire;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;

/**
 * The values of {@code x-log-compresstype}. LZ4 is the bare block without frame or length, zstd one frame, and deflate
 * a zlib stream, as the official clients send and read them.
 */
public enum Compression {
    NONE {
        @Override
        void decompressTo(byte[] raw, byte[] body, int offset, int length) {
            System.arraycopy(body, offset, raw, 0, length);
        }

        @Override
        ByteBuf compressOwned(ByteBuf raw, ByteBufAllocator allocator) {
            return raw.retain();
        }
    },

    LZ4 {
        @Override
        void decompressTo(byte[] raw, byte[] body, int offset, int length) {
            int size;
            try {
                size = LZ4_DECOMPRESSOR.decompress(body, offset, length, raw, 0);
            } catch (LZ4Exception malformed) {
                throw uncompressError("lz4", raw.length);
            }
            checkSize(size, raw.length, "lz4");
        }

        @Override
        ByteBuf compressOwned(ByteBuf raw, ByteBufAllocator allocator) {
            int size = raw.readableBytes();
            int most = LZ4_COMPRESSOR.maxCompressedLength(size);
            ByteBuf out = allocator.directBuffer(most);
            int written = LZ4_COMPRESSOR.compress(view(raw), 0, size, out.nioBuffer(0, most), 0, most);
            return out.writerIndex(written);
        }
    },

    ZSTD {
        @Override
        void decompressTo(byte[] raw, byte[] body, int offset, int length) {
            long size;
            try {
                // The library does not accept an empty array as the output.
                byte[] to = raw.length == 0 ? new byte[1] : raw;
                size = Zstd.decompressByteArray(to, 0, to.length, body, offset, length);
            } catch (ZstdException malformed) {
                throw uncompressError("zstd", raw.length);
            }
            checkSize(size, raw.length, "zstd");
        }

        @Override
        ByteBuf compressOwned(ByteBuf raw, ByteBufAllocator allocator) {
            int size = raw.readableBytes();
            int most = Math.toIntExact(Zstd.compressBound(size));
            ByteBuf out = allocator.directBuffer(most);
            long written = Zstd.compressDirectByteBuffer(
                    out.nioBuffer(0, most), 0, most, view(raw), 0, size, Zstd.defaultCompressionLevel());
            return out.writerIndex(Math.toIntExact(written));
        }
    },

    DEFLATE {
        @Override
        void decompressTo(byte[] raw, byte[] body, int offset, int length) {
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(body, offset, length);
                int size = 0;
                while (size < raw.length && !inflater.finished()) {
                    int more = inflater.inflate(raw, size, raw.length - size);
                    if (more == 0) {
                        throw uncompressError("deflate", raw.length);
                    }
                    size += more;
                }
                if (!inflater.finished() && inflater.inflate(new byte[1]) > 0) {
                    throw uncompressError("deflate", raw.length);
                }
                checkSize(size, raw.length, "deflate");
            } catch (DataFormatException malformed) {
                throw uncompressError("deflate", raw.length);
            } finally {
                inflater.end();
            }
        }

        @Override
        ByteBuf compressOwned(ByteBuf raw, ByteBufAllocator allocator) {
            Deflater deflater = new Deflater();
            try {
                deflater.setInput(view(raw));
                deflater.finish();
                ByteBuf out = allocator.directBuffer(raw.readableBytes() / 2 + CHUNK);
                while (!deflater.finished()) {
                    out.ensureWritable(CHUNK);
                    int written = deflater.deflate(out.nioBuffer(out.writerIndex(), out.writableBytes()));
                    out.writerIndex(out.writerIndex() + written);
                }
                return out;
            } finally {
                deflater.end();
            }
        }
    };

    private static final int CHUNK = 4096;

    // The native implementation is about five times as fast as pure Java.
    private static final LZ4SafeDecompressor LZ4_DECOMPRESSOR =
            LZ4Factory.fastestInstance().safeDecompressor();
    private static final LZ4Compressor LZ4_COMPRESSOR =
            LZ4Factory.fastestInstance().fastCompressor();

    abstract void decompressTo(byte[] raw, byte[] body, int offset, int length);

    abstract ByteBuf compressOwned(ByteBuf raw, ByteBufAllocator allocator);

    /** The name on the wire; empty for {@link #NONE}, which no header names. */
    public String text() {
        return switch (this) {
            case NONE -> "";
            case LZ4 -> "lz4";
            case ZSTD -> "zstd";
            case DEFLATE -> "deflate";
        };
    }

    /**
     * Parses a request's {@code x-log-compresstype}.
     *
     * @throws Refusal InvalidCompressType for a name that the service does not know
     */
    public static Compression ofRequest(@Nullable String compressType) {
        if (compressType == null || compressType.isEmpty()) {
            return NONE;
        }
        for (Compression compression : values()) {
            if (compression.text().equals(compressType)) {
                return compression;
            }
        }
        throw new Refusal(
                ErrorCode.INVALID_COMPRESS_TYPE,
                "x-log-compresstype " + compressType + " is not one of lz4, zstd, deflate");
    }

    /** The first encoding in a pull's {@code Accept-Encoding} that the service supports. */
    public static Compression ofAcceptEncoding(@Nullable String acceptEncoding) {
        if (acceptEncoding == null || acceptEncoding.isEmpty()) {
            return NONE;
        }
        for (String item : acceptEncoding.split(",")) {
            String name = item.split(";", 2)[0].strip();
            for (Compression compression : values()) {
                if (compression != NONE && compression.text().equalsIgnoreCase(name)) {
                    return compression;
                }
            }
        }
        return NONE;
    }

    /**
     * Decompresses a body of known raw size.
     *
     * @throws Refusal PostBodyUncompressError when the bytes are not such a stream or not of that size
     */
    public byte[] decompress(byte[] body, int offset, int length, int rawSize) {
        if (this == NONE && rawSize != length) {
            throw new Refusal(
                    ErrorCode.INVALID_BODY_RAW_SIZE,
                    "x-log-bodyrawsize is " + rawSize + " but the body has " + length + " bytes");
        }
        if (rawSize > mostDecompressed(length)) {
            // Checked before memory is allocated for a size that may be wrong.
            throw uncompressError(text(), rawSize);
        }
        byte[] raw = new byte[rawSize];
        decompressTo(raw, body, offset, length);
        return raw;
    }

    /** The maximum raw size of a body of this length. */
    private long mostDecompressed(int length) {
        return switch (this) {
            case NONE -> length;
            // A byte extends a run by at most 255.
            case LZ4 -> (length + 1L) * 255;
            // Blocks of at least 4 bytes contain at most 128 KiB each (RFC 8878).
            case ZSTD -> length / 4 * (128L << 10);
            // The documentation of zlib: 1032 to 1.
            case DEFLATE -> (length + 1L) * 1032;
        };
    }

    /** Compresses a direct buffer and releases it. The caller owns the result. */
    public ByteBuf compress(ByteBuf raw, ByteBufAllocator allocator) {
        try {
            return compressOwned(raw, allocator);
        } finally {
            raw.release();
        }
    }

    private static ByteBuffer view(ByteBuf buffer) {
        return buffer.nioBuffer(buffer.readerIndex(), buffer.readableBytes()).slice();
    }

    private static void checkSize(long size, int rawSize, String name) {
        if (size != rawSize) {
            throw uncompressError(name, rawSize);
        }
    }

    private static Refusal uncompressError(String name, int rawSize) {
        return new Refusal(
                ErrorCode.POST_BODY_UNCOMPRESS_ERROR,
                "the body is not a " + name + " stream of x-log-bodyrawsize " + rawSize + " bytes");
    }
}
