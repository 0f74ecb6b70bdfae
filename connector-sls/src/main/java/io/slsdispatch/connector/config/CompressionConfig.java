package io.slsdispatch.connector.config;

import io.slsdispatch.connector.wire.Compression;
import java.io.Serializable;
import org.apache.flink.annotation.PublicEvolving;

/**
 * How log groups are compressed for a target.
 *
 * @param kind the compression
 * @param level of zstd, {@value #MIN_LEVEL} to {@value #MAX_LEVEL}: higher levels take more time and produce fewer
 *     bytes; 0 for LZ4, which has none
 */
@PublicEvolving
public record CompressionConfig(Compression kind, int level) implements Serializable {

    public static final int MIN_LEVEL = 1;

    /** Levels above it need tens of megabytes of native memory per thread. */
    public static final int MAX_LEVEL = 9;

    /** The fastest one. On log groups the next levels gain little. */
    public static final int DEFAULT_LEVEL = 1;

    /** LZ4 blocks. */
    public static final CompressionConfig LZ4 = new CompressionConfig(Compression.LZ4, 0);

    /** zstd frames of the default level. */
    public static final CompressionConfig ZSTD = zstd(DEFAULT_LEVEL);

    public CompressionConfig {
        int least = kind == Compression.ZSTD ? MIN_LEVEL : 0;
        int most = kind == Compression.ZSTD ? MAX_LEVEL : 0;
        if (level < least || level > most) {
            throw new IllegalArgumentException("compression level " + level + " of " + kind.text() + " is not "
                    + (most == 0 ? "0" : "between " + least + " and " + most));
        }
    }

    /** zstd frames of a level. */
    public static CompressionConfig zstd(int level) {
        return new CompressionConfig(Compression.ZSTD, level);
    }

    /** As text, such as {@code lz4} or {@code zstd, level 1}. */
    @Override
    public String toString() {
        return kind == Compression.ZSTD ? kind.text() + ", level " + level : kind.text();
    }
}
