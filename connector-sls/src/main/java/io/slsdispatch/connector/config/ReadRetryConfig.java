package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.annotation.PublicEvolving;

/**
 * How failed reads are retried. While the service throttles or is unavailable, reads are retried without limit, with an
 * exponential back-off and full jitter, per shard; the other shards continue.
 *
 * @param initialBackoff the upper bound of the first pause
 * @param maxBackoff the upper bound of every pause
 * @param grace how long rejected credentials and a missing project or logstore are retried, so that keys can be rotated
 *     while the job runs; then the job fails
 * @param maxMalformed how many answers of the service in a row may be unreadable before the job fails: retrying fixes a
 *     broken transfer, but not a broken group. Also how many answers may skip groups that the service reports to hold,
 *     before these count as a gap. An answer that is not the service's own, such as a proxy's page, is an outage and
 *     counts for neither
 */
@PublicEvolving
public record ReadRetryConfig(Duration initialBackoff, Duration maxBackoff, Duration grace, int maxMalformed)
        implements Serializable {

    /** 200 ms to 30 s; 10 minutes of grace; 10 unreadable responses. */
    public static final ReadRetryConfig DEFAULT =
            new ReadRetryConfig(Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofMinutes(10), 10);

    public ReadRetryConfig {
        Checks.positive("initial back-off", initialBackoff);
        if (maxBackoff.compareTo(initialBackoff) < 0) {
            throw new IllegalArgumentException("maximum back-off " + Durations.text(maxBackoff)
                    + " is shorter than the initial back-off " + Durations.text(initialBackoff));
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace period " + Durations.text(grace) + " is negative");
        }
        if (maxMalformed < 1) {
            throw new IllegalArgumentException("number of unreadable responses " + maxMalformed + " is not positive");
        }
    }

    @Override
    public String toString() {
        return "ReadRetryConfig[initialBackoff=" + Durations.text(initialBackoff)
                + ", maxBackoff=" + Durations.text(maxBackoff)
                + ", grace=" + Durations.text(grace)
                + ", maxMalformed=" + maxMalformed + "]";
    }

    /** The pauses between attempts. */
    public Backoff backoff() {
        return new Backoff(initialBackoff, maxBackoff);
    }
}
