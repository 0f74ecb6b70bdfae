package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;

/**
 * How the list of shards is kept up to date.
 *
 * @param interval how often shards are listed. Shorter finds the children of a split sooner; each round costs one
 *     ListShards call
 * @param jitter up to which part of the interval is added to it at random, 0 to 1, so that many jobs do not list at
 *     the same moment
 * @param failureAgeLimit for how long listings may go on failing, as a throttled or unavailable service does, before
 *     the job fails. Reading goes on meanwhile
 */
public record DiscoveryConfig(Duration interval, double jitter, Duration failureAgeLimit) implements Serializable {

    /** Every 30 s, up to a fifth later; fails after an hour without a listing. */
    public static final DiscoveryConfig DEFAULT = new DiscoveryConfig(Duration.ofSeconds(30), 0.2, Duration.ofHours(1));

    public DiscoveryConfig {
        Checks.atLeastAMillisecond("discovery interval", interval);
        Checks.positive("discovery failure age limit", failureAgeLimit);
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("discovery jitter " + jitter + " is not between 0 and 1");
        }
    }
}
