package io.slsdispatch.connector.wire;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.slsdispatch.connector.wire.ZstdFrames.UnreadableFrameException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and decompresses, with contexts of the native code and arrays that are used again and again: creating a
 * context costs more than compressing a small group. Closing gives it back to where it was borrowed. One thread at a
 * time.
 *
 * <p>zstd frames carry the size of their content and no checksum, as those of the official clients. All kinds of frames
 * are read: also without the size, with a checksum, several in a row, and skippable ones, which have no content.
 */
@Internal
public final class Codec implements AutoCloseable {

    /** Larger arrays are not kept: they belong to single large groups. */
    private static final int MOST_KEPT = 1 << 20;

    private static final byte[] NOTHING = new byte[0];

    private byte[] raw = NOTHING;
    private byte[] packed = NOTHING;
    private @Nullable ZstdCompressCtx compressing;
    private @Nullable ZstdDecompressCtx decompressing;
    private int level;
    private final Consumer<Codec> home;

    /** @param home receives it when it is closed */
    Codec(Consumer<Codec> home) {
        this.home = home;
    }

    /**
     * Compresses a slice of an array.
     *
     * @param level of zstd; ignored for LZ4
     * @param to needs {@link Compression#maxLength} free bytes from {@code index} on
     * @return the compressed length
     * @throws IllegalStateException when this process cannot use zstd
     */
    public int compress(Compression kind, int level, byte[] array, int offset, int length, byte[] to, int index) {
        if (kind == Compression.LZ4) {
            return Lz4.compress(array, offset, length, to, index);
        }
        try {
            return compressing(level).compressByteArray(to, index, to.length - index, array, offset, length);
        } catch (LinkageError e) {
            throw new IllegalStateException(ZstdFrames.missing(e) + ". " + NativeCode.HINT, e);
        }
    }

    /** Compresses as {@link #compress(Compression, int, byte[], int, int, byte[], int)}, into a direct buffer. */
    public int compress(Compression kind, int level, byte[] array, int offset, int length, ByteBuffer to, int index) {
        if (kind == Compression.LZ4) {
            return Lz4.compress(array, offset, length, to, index);
        }
        packed = atLeast(packed, ZstdFrames.maxLength(length));
        int size = compress(kind, level, array, offset, length, packed, 0);
        to.put(index, packed, 0, size);
        return size;
    }

    /**
     * Compresses compressed data in another way.
     *
     * @param from how it is compressed now
     * @param rawLength its size before compression
     * @param to as of {@link #compress(Compression, int, byte[], int, int, ByteBuffer, int)}
     * @throws RuntimeException when it is not such data, or has another size
     */
    public int recompress(
            Compression from,
            byte[] array,
            int offset,
            int length,
            int rawLength,
            Compression kind,
            int level,
            ByteBuffer to,
            int index) {
        raw = atLeast(raw, rawLength);
        decompressAll(from, array, offset, length, raw, rawLength);
        return compress(kind, level, raw, 0, rawLength, to, index);
    }

    /**
     * Decompresses data of known decompressed size.
     *
     * @throws RuntimeException when it is not such data, or has another size
     */
    public byte[] decompress(Compression kind, byte[] array, int offset, int length, int rawLength) {
        if (kind == Compression.LZ4) {
            return Lz4.decompress(array, offset, length, rawLength);
        }
        if (rawLength > ZstdFrames.mostDecompressed(length)) {
            // Checked before memory is allocated for a size that may be wrong.
            throw new IllegalStateException("a frame of " + length + " bytes cannot have " + rawLength + " bytes");
        }
        byte[] to = new byte[rawLength];
        decompressAll(kind, array, offset, length, to, rawLength);
        return to;
    }

    private void decompressAll(Compression kind, byte[] array, int offset, int length, byte[] to, int rawLength) {
        long size;
        try {
            size = kind == Compression.LZ4
                    ? Lz4.decompress(array, offset, length, to, rawLength)
                    : decompressFrames(array, offset, length, to, rawLength);
        } catch (UnreadableFrameException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        if (size != rawLength) {
            throw new IllegalStateException("the data has " + size + " bytes; expected " + rawLength);
        }
    }

    /**
     * Decompresses zstd frames.
     *
     * @param to is filled from its beginning
     * @param most the maximum number of bytes of {@code to} to fill
     * @return the number of bytes filled
     * @throws UnreadableFrameException when these are not frames, decompress to more bytes, or there is no native code
     */
    public int decompressFrames(byte[] array, int offset, int length, byte[] to, int most)
            throws UnreadableFrameException {
        String reason = ZstdFrames.missing();
        if (reason == null) {
            try {
                // The library accepts no empty output: for frames without content it gets an array of one byte.
                byte[] output = to.length == 0 ? new byte[1] : to;
                return decompressing().decompressByteArray(output, 0, most, array, offset, length);
            } catch (ZstdException e) {
                throw new UnreadableFrameException("not a valid zstd frame");
            } catch (LinkageError e) {
                reason = ZstdFrames.missing(e);
            }
        }
        throw new UnreadableFrameException(
                "compressed with zstd, whose native library cannot be loaded in this process: " + reason + ". "
                        + NativeCode.HINT);
    }

    private ZstdCompressCtx compressing(int wanted) {
        ZstdCompressCtx context = compressing;
        if (context == null) {
            context = new ZstdCompressCtx();
            compressing = context;
            level = wanted;
            context.setLevel(wanted);
        } else if (level != wanted) {
            level = wanted;
            context.setLevel(wanted);
        }
        return context;
    }

    private ZstdDecompressCtx decompressing() {
        ZstdDecompressCtx context = decompressing;
        if (context == null) {
            context = new ZstdDecompressCtx();
            decompressing = context;
        }
        return context;
    }

    private static byte[] atLeast(byte[] array, int length) {
        return array.length >= length ? array : new byte[Math.max(length, Math.min(2 * array.length, MOST_KEPT))];
    }

    /** Gives it back; it must not be used any longer. */
    @Override
    public void close() {
        if (raw.length > MOST_KEPT) {
            raw = NOTHING;
        }
        if (packed.length > MOST_KEPT) {
            packed = NOTHING;
        }
        home.accept(this);
    }

    /** Releases the native memory. */
    void free() {
        if (compressing != null) {
            compressing.close();
        }
        if (decompressing != null) {
            decompressing.close();
        }
    }
}
