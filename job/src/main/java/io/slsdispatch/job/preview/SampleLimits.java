package io.slsdispatch.job.preview;

import java.time.Duration;

/**
 * How much a sample reads at most. Whatever is reached first ends it.
 *
 * @param shards number of shards that are read
 * @param groupsPerShard log groups of one shard
 * @param pullsPerShard requests for data of one shard
 * @param bytes decompressed bytes of all shards; the answers that are in flight then are still read
 * @param follow how long to wait for new groups at the end of the shards; zero ends a shard at its end
 * @param pause between two pulls while all shards are at their ends
 * @param longest time for everything
 */
public record SampleLimits(
        int shards,
        int groupsPerShard,
        int pullsPerShard,
        long bytes,
        Duration follow,
        Duration pause,
        Duration longest) {

    /** Maximum of a preview. */
    public static final int MAX_GROUPS_PER_SHARD = 100_000;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long MIB = 1L << 20;
    private static final int MIN_PULLS = 10;
    private static final int GROUPS_OF_PULL = 100;

    /** The limits of a preview: 256 MiB, and one minute longer than it waits for new groups. */
    public static SampleLimits ofPreview(int groupsPerShard, Duration follow) {
        // A pull at an end is followed by a pause, and a pull may return few groups although there are more.
        long pulls = MIN_PULLS + groupsPerShard / GROUPS_OF_PULL + follow.toSeconds();
        return new SampleLimits(
                Integer.MAX_VALUE,
                groupsPerShard,
                (int) Math.min(pulls, MAX_GROUPS_PER_SHARD),
                256 * MIB,
                follow,
                PAUSE,
                follow.plusMinutes(1));
    }

    /** The limits of a check: a few groups of up to 16 shards. */
    public static SampleLimits ofCheck() {
        return new SampleLimits(16, 100, 2, 16 * MIB, Duration.ZERO, PAUSE, Duration.ofSeconds(10));
    }
}
