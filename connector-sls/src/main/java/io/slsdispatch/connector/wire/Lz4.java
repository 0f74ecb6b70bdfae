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
 * The bare LZ4 block of the service, without frame or length. The native code where there is one: it is several times
 * as fast as pure Java, and its safe decompressor, which checks both ends, as the unchecked one.
 */
@Internal
public final class Lz4 {

    private static final Logger LOG = LoggerFactory.getLogger(Lz4.class);
    private static final LZ4Factory FACTORY = factory();
    private static final LZ4Compressor COMPRESSOR = FACTORY.fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();

    private Lz4() {}

    /**
     * Asks for the native code by name. The library's own choice of the fastest is pure Java in every class loader but
     * the system's, so in every job that a cluster runs from its jar.
     */
    private static LZ4Factory factory() {
        try {
            return LZ4Factory.nativeInstance();
        } catch (LinkageError | AssertionError | RuntimeException e) {
            LOG.warn("There is no native LZ4 for this platform; pure Java takes several times the CPU", e);
            return LZ4Factory.fastestJavaInstance();
        }
    }

    /** The most bytes that a block of so many bytes can take. */
    public static int maxLength(int rawLength) {
        return COMPRESSOR.maxCompressedLength(rawLength);
    }

    /**
     * Compresses a slice of an array.
     *
     * @param to needs room for {@link #maxLength} bytes from {@code index} on; its position and limit do not matter and
     *     stay as they are
     * @return the length of the block
     */
    public static int compress(byte[] array, int offset, int length, ByteBuffer to, int index) {
        return COMPRESSOR.compress(ByteBuffer.wrap(array), offset, length, to, index, maxLength(length));
    }

    /**
     * Restores a block.
     *
     * @param most how many bytes of {@code to} may be filled, from its beginning
     * @return how many are
     * @throws LZ4Exception when it is no block, or fills more than that
     */
    public static int decompress(byte[] array, int offset, int length, byte[] to, int most) {
        return DECOMPRESSOR.decompress(array, offset, length, to, 0, most);
    }

    /**
     * Restores a block of which it is known how much it holds.
     *
     * @throws LZ4Exception when it is none, or holds more or fewer bytes
     */
    public static byte[] decompress(byte[] array, int offset, int length, int rawLength) {
        byte[] raw = new byte[rawLength];
        int restored = decompress(array, offset, length, raw, rawLength);
        if (restored != rawLength) {
            throw new LZ4Exception("a block of " + restored + " bytes where " + rawLength + " were expected");
        }
        return raw;
    }

    /**
     * Compresses a slice of an array into another one.
     *
     * @param to needs room for {@link #maxLength} bytes from {@code index} on
     * @return the length of the block
     */
    public static int compress(byte[] array, int offset, int length, byte[] to, int index) {
        return COMPRESSOR.compress(array, offset, length, to, index, maxLength(length));
    }
}
