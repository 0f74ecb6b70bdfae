package io.slsdispatch.connector.client.http;

import io.netty.buffer.ByteBuf;
import io.slsdispatch.connector.model.RawLogGroup;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * The bare LZ4 block of the service, without frame or length. The native code where there is one: it is several times
 * as fast as pure Java, and its safe decompressor, which checks both ends, as the unchecked one.
 */
final class Lz4 {

    private static final LZ4Compressor COMPRESSOR = LZ4Factory.fastestInstance().fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR =
            LZ4Factory.fastestInstance().safeDecompressor();

    private Lz4() {}

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
