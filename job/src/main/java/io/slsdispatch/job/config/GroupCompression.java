package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.connector.wire.ZstdFrames;
import java.util.List;
import java.util.Optional;

/**
 * How groups are compressed between the pull and the puts: once, by the source, as the targets are configured. Only
 * where some targets have LZ4 and some zstd, the source uses LZ4, and the sinks with zstd compress again.
 *
 * @param config whose targets decide
 */
public record GroupCompression(JobConfig config) {

    /** How the source packs groups. With targets of several zstd levels it is the highest one. */
    public CompressionConfig packing() {
        List<CompressionConfig> targets = targets();
        if (targets.isEmpty() || targets.stream().anyMatch(target -> target.kind() == Compression.LZ4)) {
            return CompressionConfig.LZ4;
        }
        return CompressionConfig.zstd(
                targets.stream().mapToInt(CompressionConfig::level).max().orElseThrow());
    }

    /** The names of the targets whose sinks compress every group again. */
    public List<String> compressedAgain() {
        Compression packing = packing().kind();
        return config.destinations().stream()
                .filter(target -> target.delivery().compression().kind() != packing)
                .map(JobConfig.Destination::name)
                .toList();
    }

    /**
     * Why this process cannot run the job: zstd is configured and cannot be used. Every process of the cluster needs it,
     * and checks it again when the job starts.
     */
    public Optional<String> problem() {
        boolean pulls = config.source().config().pulls().compression() == Compression.ZSTD;
        if (!pulls && targets().stream().noneMatch(target -> target.kind() == Compression.ZSTD)) {
            return Optional.empty();
        }
        return Optional.ofNullable(ZstdFrames.reasonMissing())
                .map(reason -> "'compression: zstd' is configured, but " + reason + ". Or set 'compression: lz4'.");
    }

    private List<CompressionConfig> targets() {
        return config.destinations().stream()
                .map(target -> target.delivery().compression())
                .toList();
    }
}
