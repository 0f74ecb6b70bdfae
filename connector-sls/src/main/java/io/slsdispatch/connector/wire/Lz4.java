package io.slsdispatch.connector.wire;

import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.apache.flink.annotation.Internal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses and decompresses LZ4 blocks as the service uses them, without frame or length. Uses the native code where
 * it exists: it is several times as fast as pure Java, and its safe decompressor, which checks both ends, is as fast as
 * the unchecked one.
 */
@Internal
public final class Lz4 {

    private static final Logger LOG = LoggerFactory.getLogger(Lz4.class);
    /** The maximum compression ratio of LZ4. */
    private static final int MAX_RATIO = 255;

    private static final LZ4Factory FACTORY = factory();
    private static final LZ4Compressor COMPRESSOR = FACTORY.fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();

    private Lz4() {}

    /**
     * Requests the native code explicitly. The library's own choice of the fastest implementation is pure Java in every
     * class loader except the system's, and therefore in every job that a cluster runs from its jar.
     */
    private static LZ4Factory factory() {
        try {
            return LZ4Factory.nativeInstance();
        } catch (LinkageError | AssertionError | RuntimeException e) {
            LOG.warn(
                    "The native LZ4 library cannot be loaded: {}. Pure Java is used, with several times the CPU. {}",
                    NativeCode.reason(e),
                    NativeCode.HINT);
            return LZ4Factory.fastestJavaInstance();
        }
    }

    /** The maximum number of bytes that a block of this length can decompress to: a byte extends a run by at most 255. */
    public static long mostDecompressed(int blockLength) {
        return (blockLength + 1L) * MAX_RATIO;
    }

    /** The maximum size of the block of this many bytes. */
    public static int maxLength(int rawLength) {
        return COMPRESSOR.maxCompressedLength(rawLength);
    }

    /**
     * Compresses a slice of an array.
     *
     * @param to needs {@link #maxLength} free bytes from {@code index} on; its position and limit do not matter and do
     *     not change
     * @return the length of the block
     */
    public static int compress(byte[] array, int offset, int length, ByteBuffer to, int index) {
        return COMPRESSOR.compress(ByteBuffer.wrap(array), offset, length, to, index, maxLength(length));
    }

    /**
     * Decompresses a block.
     *
     * @param most the maximum number of bytes of {@code to} to fill, from its beginning
     * @return the number of bytes filled
     * @throws LZ4Exception when it is not a block, or decompresses to more bytes
     */
    public static int decompress(byte[] array, int offset, int length, byte[] to, int most) {
        return DECOMPRESSOR.decompress(array, offset, length, to, 0, most);
    }

    /**
     * Decompresses a block of known decompressed size.
     *
     * @throws LZ4Exception when it is not a block, or has another decompressed size
     */
    public static byte[] decompress(byte[] array, int offset, int length, int rawLength) {
        if (rawLength > mostDecompressed(length)) {
            // Checked before memory is allocated for a size that may be wrong.
            throw new LZ4Exception("a block of " + length + " bytes cannot have " + rawLength + " bytes");
        }
        byte[] raw = new byte[rawLength];
        int restored = decompress(array, offset, length, raw, rawLength);
        if (restored != rawLength) {
            throw new LZ4Exception("the block has " + restored + " bytes; expected " + rawLength);
        }
        return raw;
    }

    /**
     * Compresses a slice of an array into another array.
     *
     * @param to needs {@link #maxLength} free bytes from {@code index} on
     * @return the length of the block
     */
    public static int compress(byte[] array, int offset, int length, byte[] to, int index) {
        return COMPRESSOR.compress(array, offset, length, to, index, maxLength(length));
    }
}
