package io.slsdispatch.connector.config;

import io.slsdispatch.connector.wire.Compression;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.annotation.PublicEvolving;

/**
 * How a reader pulls: its limits, and how often it polls idle shards.
 *
 * @param maxBufferedBytes how many decompressed bytes one reader may hold: pulls in flight, at their expected size, and
 *     batches that are not emitted yet. A single batch larger than that is still read, alone
 * @param maxConcurrentPulls the maximum number of pulls in flight of one reader
 * @param maxGroupsPerPull the maximum number of groups that one pull requests, 1 to 1000. Pulls request fewer when
 *     groups are large
 * @param idlePollFloor the pause after a pull that reached the end of its shard; it doubles while no data arrives
 * @param idlePollCeiling the upper bound of that pause: the maximum delay of a group in a shard that was idle
 * @param compression the compression that pulls request. A service that does not have it is detected and asked for LZ4
 */
@PublicEvolving
public record PullConfig(
        long maxBufferedBytes,
        int maxConcurrentPulls,
        int maxGroupsPerPull,
        Duration idlePollFloor,
        Duration idlePollCeiling,
        Compression compression)
        implements Serializable {

    private static final int MAX_GROUPS_OF_SERVICE = 1000;

    /** 64 MiB, 8 pulls at a time, up to 1000 groups each, idle shards polled after 50 ms to 1 s. */
    public static final PullConfig DEFAULT =
            new PullConfig(64L << 20, 8, MAX_GROUPS_OF_SERVICE, Duration.ofMillis(50), Duration.ofSeconds(1));

    /** Pulls that request LZ4. */
    public PullConfig(
            long maxBufferedBytes,
            int maxConcurrentPulls,
            int maxGroupsPerPull,
            Duration idlePollFloor,
            Duration idlePollCeiling) {
        this(maxBufferedBytes, maxConcurrentPulls, maxGroupsPerPull, idlePollFloor, idlePollCeiling, Compression.LZ4);
    }

    public PullConfig {
        Checks.positive("idle poll floor", idlePollFloor);
        if (idlePollCeiling.compareTo(idlePollFloor) < 0) {
            throw new IllegalArgumentException("idle poll ceiling " + Durations.text(idlePollCeiling)
                    + " is shorter than the floor " + Durations.text(idlePollFloor));
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

    @Override
    public String toString() {
        return "PullConfig[maxBufferedBytes=" + maxBufferedBytes
                + ", maxConcurrentPulls=" + maxConcurrentPulls
                + ", maxGroupsPerPull=" + maxGroupsPerPull
                + ", idlePollFloor=" + Durations.text(idlePollFloor)
                + ", idlePollCeiling=" + Durations.text(idlePollCeiling)
                + ", compression=" + compression.text() + "]";
    }
}
