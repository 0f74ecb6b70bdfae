package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long and how often a request that failed is sent again.
 *
 * @param backoff the waits in between
 * @param giveUpAfter how long a request is repeated while the service is unavailable or throttles, from its first
 *     failure on; then the job fails. Null repeats for ever: the job is then held back until the service answers
 * @param grace how long credentials that are refused, or a project or logstore that is missing, are given to come right;
 *     then the job fails
 */
public record RetryPolicy(Backoff backoff, @Nullable Duration giveUpAfter, Duration grace) implements Serializable {

    /** Waits of 100 ms growing to 10 s, for ever; 10 minutes for credentials and logstores. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10)), null, Duration.ofMinutes(10));

    public RetryPolicy {
        if (giveUpAfter != null) {
            Checks.positive("time to give up after", giveUpAfter);
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace " + grace + " is negative");
        }
    }

    /** The same for the given time instead of for ever. */
    public RetryPolicy givingUpAfter(Duration time) {
        return new RetryPolicy(backoff, time, grace);
    }
}
