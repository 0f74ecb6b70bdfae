package io.slsdispatch.job.preview;

import io.slsdispatch.job.config.JobConfig.Destination;
import io.slsdispatch.job.preview.Preview.Row;
import java.util.List;

/**
 * What a target will receive, estimated from a sample.
 *
 * @param target its name
 * @param groups groups of the sample that go to it
 * @param bytes their size
 * @param groupsPerSecond rate of groups
 * @param bytesPerSecond rate of bytes
 * @param requestsPerSecond rate of write requests of one writer
 * @param shards number of shards that the logstore needs for these rates
 */
public record TargetEstimate(
        String target,
        long groups,
        long bytes,
        double groupsPerSecond,
        double bytesPerSecond,
        double requestsPerSecond,
        int shards) {

    /** Source: the service's documentation, limits of a shard with an index: 5 MB and 500 requests per second. */
    private static final double SHARD_BYTES = 5_000_000;

    private static final double SHARD_REQUESTS = 500;

    /** A writer that batches collects groups for at most 30 ms or 512 KiB. */
    private static final double BATCHES_PER_SECOND = 1_000 / 30.0;

    private static final double BATCH_BYTES = 512 << 10;

    /** The estimates, one for each target, in the order of the targets. */
    public static List<TargetEstimate> of(List<Destination> targets, List<Row> rows) {
        return targets.stream().map(target -> of(target, rows)).toList();
    }

    private static TargetEstimate of(Destination target, List<Row> rows) {
        List<Row> own = rows.stream()
                .filter(row -> row.targets().contains(target.name()))
                .toList();
        double groups = own.stream().mapToDouble(Row::groupsPerSecond).sum();
        double bytes = own.stream().mapToDouble(Row::bytesPerSecond).sum();
        double requests = target.delivery().batching()
                ? Math.min(groups, Math.max(BATCHES_PER_SECOND, bytes / BATCH_BYTES))
                : groups;
        double shards = Math.max(bytes / SHARD_BYTES, requests / SHARD_REQUESTS);
        return new TargetEstimate(
                target.name(),
                own.stream().mapToLong(Row::groups).sum(),
                own.stream().mapToLong(Row::bytes).sum(),
                groups,
                bytes,
                requests,
                (int) Math.max(1, Math.ceil(shards)));
    }
}
