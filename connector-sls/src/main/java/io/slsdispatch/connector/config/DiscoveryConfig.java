package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Shard discovery: how often shards are listed, and how old a listing may be.
 *
 * @param interval how often shards are listed. A shorter interval finds the children of a split sooner; each round
 *     costs one ListShards call
 * @param jitter the maximum fraction of the interval that is added to it at random, 0 to 1, so that many jobs do not
 *     list at the same moment
 * @param failureAgeLimit how long listings may keep failing, for example while the service throttles or is unavailable,
 *     before the job fails. Reading continues meanwhile
 * @param margin the maximum age of the data in an answer to ListShards, which the service does not document: a bounded
 *     run ends only after a listing that was requested this long after its stop. Zero trusts every listing to be up to
 *     date
 * @param settleTime how long after a split or merge the old shards may still receive groups: they are finished only
 *     after this time, by the service's clock. Shards that were closed longer ago do not wait. Zero for no wait
 */
@PublicEvolving
public record DiscoveryConfig(
        Duration interval, double jitter, Duration failureAgeLimit, Duration margin, Duration settleTime)
        implements Serializable {

    /** The default margin. */
    public static final Duration DEFAULT_MARGIN = Duration.ofSeconds(30);

    /** The default settle time. */
    public static final Duration DEFAULT_SETTLE_TIME = Duration.ofSeconds(30);

    /**
     * Lists every 30 s plus up to 20 % jitter; fails after an hour without a listing; listings may be 30 s old, and
     * shards settle for 30 s.
     */
    public static final DiscoveryConfig DEFAULT = new DiscoveryConfig(Duration.ofSeconds(30), 0.2, Duration.ofHours(1));

    /** With the default margin and settle time. */
    public DiscoveryConfig(Duration interval, double jitter, Duration failureAgeLimit) {
        this(interval, jitter, failureAgeLimit, DEFAULT_MARGIN, DEFAULT_SETTLE_TIME);
    }

    public DiscoveryConfig {
        Checks.atLeastAMillisecond("discovery interval", interval);
        Checks.positive("discovery failure age limit", failureAgeLimit);
        if (margin.isNegative()) {
            throw new IllegalArgumentException("discovery margin " + Durations.text(margin) + " is negative");
        }
        if (settleTime.isNegative()) {
            throw new IllegalArgumentException("settle time " + Durations.text(settleTime) + " is negative");
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("discovery jitter " + jitter + " is not between 0 and 1");
        }
    }

    @Override
    public String toString() {
        return "DiscoveryConfig[interval=" + Durations.text(interval)
                + ", jitter=" + jitter
                + ", failureAgeLimit=" + Durations.text(failureAgeLimit)
                + ", margin=" + Durations.text(margin)
                + ", settleTime=" + Durations.text(settleTime) + "]";
    }
}
