package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.annotation.PublicEvolving;

/**
 * How the list of shards is kept up to date.
 *
 * @param interval how often shards are listed. Shorter finds the children of a split sooner; each round costs one
 *     ListShards call
 * @param jitter up to which part of the interval is added to it at random, 0 to 1, so that many jobs do not list at
 *     the same moment
 * @param failureAgeLimit for how long listings may go on failing, as a throttled or unavailable service does, before
 *     the job fails. Reading goes on meanwhile
 * @param margin how old an answer to ListShards may be, which the service does not document: a bounded run ends only
 *     after a listing that was asked for this long after its stop. Zero trusts every listing to be of the moment
 * @param settleTime for how long after a split or merge the old shards may still get groups: they are finished only after
 *     it, by the service's clock. Shards that were closed longer ago do not wait. Zero for no wait
 */
@PublicEvolving
public record DiscoveryConfig(
        Duration interval, double jitter, Duration failureAgeLimit, Duration margin, Duration settleTime)
        implements Serializable {

    /** How old a listing may be unless configured otherwise. */
    public static final Duration DEFAULT_MARGIN = Duration.ofSeconds(30);

    /** How long closed shards settle unless configured otherwise. */
    public static final Duration DEFAULT_SETTLE_TIME = Duration.ofSeconds(30);

    /**
     * Every 30 s, up to a fifth later; fails after an hour without a listing; listings may be 30 s old, and shards settle
     * for 30 s.
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
            throw new IllegalArgumentException("discovery margin " + margin + " is negative");
        }
        if (settleTime.isNegative()) {
            throw new IllegalArgumentException("settle time " + settleTime + " is negative");
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("discovery jitter " + jitter + " is not between 0 and 1");
        }
    }
}
