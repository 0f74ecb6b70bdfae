package io.slsdispatch.connector.client.http;

import io.netty.buffer.ByteBuf;
import io.slsdispatch.connector.model.RawLogGroup;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bare LZ4 block of the service, without frame or length. The native code where there is one: it is several times
 * as fast as pure Java, and its safe decompressor, which checks both ends, as the unchecked one.
 */
final class Lz4 {

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

    /** The most bytes that a group of this size can take. */
    static int maxLength(int rawLength) {
        return COMPRESSOR.maxCompressedLength(rawLength);
    }

    /**
     * Writes a group to a direct buffer, which must have room for {@link #maxLength} bytes.
     *
     * @param index where in the buffer; its writer index stays as it is
     * @return the length of the block
     */
    static int compress(RawLogGroup group, ByteBuf to, int index) {
        int room = maxLength(group.length());
        return COMPRESSOR.compress(
                ByteBuffer.wrap(group.array()), group.offset(), group.length(), to.nioBuffer(index, room), 0, room);
    }

    /**
     * Restores a block.
     *
     * @return how many bytes of {@code to} it fills
     * @throws LZ4Exception when it is none, or fills more than that
     */
    static int decompress(ByteBuffer block, byte[] to) {
        return DECOMPRESSOR.decompress(block, block.position(), block.remaining(), ByteBuffer.wrap(to), 0, to.length);
    }
}
