package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.annotation.PublicEvolving;

/**
 * How a reader pulls.
 *
 * @param maxBufferedBytes how many decompressed bytes one reader may hold: pulls under way, at the size that is expected
 *     of them, and batches that are not emitted yet. A single batch larger than that is still read, alone
 * @param maxConcurrentPulls how many pulls one reader may have under way
 * @param maxGroupsPerPull the most groups that one pull asks for, 1 to 1000. Fewer are asked for when groups are large
 * @param idlePollFloor pause after a pull that reached the end of its shard; it doubles while nothing comes
 * @param idlePollCeiling where that doubling ends: how late a group may be seen in a shard that was idle
 */
@PublicEvolving
public record PullConfig(
        long maxBufferedBytes,
        int maxConcurrentPulls,
        int maxGroupsPerPull,
        Duration idlePollFloor,
        Duration idlePollCeiling)
        implements Serializable {

    private static final int MAX_GROUPS_OF_SERVICE = 1000;

    /** 64 MiB, 8 pulls at a time, up to 1000 groups each, idle shards polled after 50 ms to 1 s. */
    public static final PullConfig DEFAULT =
            new PullConfig(64L << 20, 8, MAX_GROUPS_OF_SERVICE, Duration.ofMillis(50), Duration.ofSeconds(1));

    public PullConfig {
        Checks.positive("idle poll floor", idlePollFloor);
        if (idlePollCeiling.compareTo(idlePollFloor) < 0) {
            throw new IllegalArgumentException(
                    "idle poll ceiling " + idlePollCeiling + " is shorter than the floor " + idlePollFloor);
        }
        if (maxBufferedBytes < 1) {
            throw new IllegalArgumentException("max buffered bytes " + maxBufferedBytes + " is not positive");
        }
        if (maxConcurrentPulls < 1) {
            throw new IllegalArgumentException("max concurrent pulls " + maxConcurrentPulls + " is not positive");
        }
        if (maxGroupsPerPull < 1 || maxGroupsPerPull > MAX_GROUPS_OF_SERVICE) {
            throw new IllegalArgumentException(
                    "max groups per pull " + maxGroupsPerPull + " is not between 1 and " + MAX_GROUPS_OF_SERVICE);
        }
    }
}
