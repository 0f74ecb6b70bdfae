package io.slsdispatch.connector.wire;

import com.github.luben.zstd.Zstd;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limits of zstd frames, and whether this process has the native code for them: there is no other code. */
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

        UnreadableFrameException(String message) {
            super(message);
        }
    }

    /** The maximum number of bytes that frames of this length in total can decompress to. */
    public static long mostDecompressed(int frameLength) {
        return (long) (frameLength / MIN_BLOCK) * MAX_BLOCK_CONTENT;
    }

    /** The maximum size of the frame of this many bytes, as zstd.h computes it (ZSTD_COMPRESSBOUND). */
    public static int maxLength(int rawLength) {
        int margin = rawLength < MAX_BLOCK_CONTENT ? (MAX_BLOCK_CONTENT - rawLength) >>> 11 : 0;
        return Math.addExact(rawLength, (rawLength >>> 8) + margin);
    }

    /** Why this process cannot use zstd, and what an operator can do; null if it can. Loads the native code. */
    public static @Nullable String reasonMissing() {
        if (missing == null) {
            try {
                Zstd.defaultCompressionLevel();
            } catch (LinkageError e) {
                missing(e);
            }
        }
        String reason = missing;
        return reason == null
                ? null
                : "the native zstd library cannot be loaded in this process: " + reason + ". " + NativeCode.HINT;
    }

    /**
     * Checks that this process can use zstd.
     *
     * @param user what needs it, as the subject of a sentence
     * @throws IllegalStateException when the native code cannot be loaded
     */
    public static void require(String user) {
        String reason = reasonMissing();
        if (reason != null) {
            throw new IllegalStateException(
                    user + " is configured with zstd, but " + reason + ". Or set 'compression: lz4'");
        }
    }

    /** The reason when the native code was missing before; does not try to load it. */
    static @Nullable String missing() {
        return missing;
    }

    /** The native code cannot be loaded. */
    static String missing(LinkageError error) {
        String reason = NativeCode.reason(error);
        missing = reason;
        LOG.warn("The native zstd library cannot be loaded: {}. {}", reason, NativeCode.HINT);
        return reason;
    }
}
