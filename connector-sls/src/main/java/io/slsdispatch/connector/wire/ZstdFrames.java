package io.slsdispatch.connector.wire;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decompresses zstd frames. There is only native code, which some processes cannot load. */
@Internal
public final class ZstdFrames {

    private static final Logger LOG = LoggerFactory.getLogger(ZstdFrames.class);

    /** The smallest block that has content: a header of 3 bytes, and 1 byte that is repeated (RFC 8878, 3.1.1.2). */
    private static final int MIN_BLOCK = 4;

    /** The maximum content of a block (RFC 8878, Block_Maximum_Size). */
    private static final int MAX_BLOCK_CONTENT = 128 << 10;

    /** Why the native code cannot be loaded; null as long as it was not tried in vain. Later errors do not say it. */
    private static volatile @Nullable String missing;

    private ZstdFrames() {}

    /** A frame cannot be decompressed. The message says why. */
    public static final class UnreadableFrameException extends Exception {

        private UnreadableFrameException(String message) {
            super(message);
        }
    }

    /** The maximum number of bytes that a frame of this length can decompress to. */
    public static long mostDecompressed(int frameLength) {
        return (long) (frameLength / MIN_BLOCK) * MAX_BLOCK_CONTENT;
    }

    /**
     * Decompresses a frame.
     *
     * @param to is filled from its beginning
     * @param most the maximum number of bytes of {@code to} to fill
     * @return the number of bytes filled
     * @throws UnreadableFrameException when it is not a frame, decompresses to more bytes, or there is no native code
     */
    public static long decompress(byte[] array, int offset, int length, byte[] to, int most)
            throws UnreadableFrameException {
        String reason = missing;
        if (reason == null) {
            try {
                return Zstd.decompressByteArray(to, 0, most, array, offset, length);
            } catch (ZstdException e) {
                throw new UnreadableFrameException("not a valid zstd frame");
            } catch (LinkageError e) {
                reason = NativeCode.reason(e);
                missing = reason;
                LOG.warn("The native zstd library cannot be loaded: {}. {}", reason, NativeCode.HINT);
            }
        }
        throw new UnreadableFrameException(
                "compressed with zstd, whose native library cannot be loaded in this process: " + reason + ". "
                        + NativeCode.HINT);
    }
}
