package io.slsdispatch.connector.wire;

import java.util.Locale;
import org.apache.flink.annotation.PublicEvolving;

/** The compressions in which log groups are pulled, passed on and written. */
@PublicEvolving
public enum Compression {
    /** A bare LZ4 block, without frame or length. */
    LZ4,
    /** A frame of zstd (RFC 8878). There is only native code for it. */
    ZSTD;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The name in requests, answers and configurations. */
    public String text() {
        return text;
    }

    /** The maximum size in bytes of this many bytes when they are compressed. */
    public int maxLength(int rawLength) {
        return this == LZ4 ? Lz4.maxLength(rawLength) : ZstdFrames.maxLength(rawLength);
    }
}
