package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.annotation.PublicEvolving;

/**
 * How failed reads are repeated. A throttled or unavailable service is asked again for ever, with an exponential
 * back-off and full jitter, per shard; the rest of the shards go on.
 *
 * @param initialBackoff the upper bound of the first pause
 * @param maxBackoff the upper bound of every pause
 * @param grace for how long refused credentials and a missing project or logstore are borne, so that keys can be
 *     rotated under a running job; then the job fails
 * @param maxMalformed how many answers of the service in a row may be unreadable before the job fails: a broken transfer
 *     heals when it is repeated, a broken group does not; and how many may pass over groups that the service says it
 *     holds, before these are taken for a gap. An answer that is not the service's own, such as a proxy's page, is an
 *     outage and counts for neither
 */
@PublicEvolving
public record ReadRetryConfig(Duration initialBackoff, Duration maxBackoff, Duration grace, int maxMalformed)
        implements Serializable {

    /** 200 ms to 30 s; 10 minutes of grace; 10 unreadable answers. */
    public static final ReadRetryConfig DEFAULT =
            new ReadRetryConfig(Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofMinutes(10), 10);

    public ReadRetryConfig {
        Checks.positive("initial back-off", initialBackoff);
        if (maxBackoff.compareTo(initialBackoff) < 0) {
            throw new IllegalArgumentException(
                    "maximum back-off " + maxBackoff + " is shorter than the initial one " + initialBackoff);
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace " + grace + " is negative");
        }
        if (maxMalformed < 1) {
            throw new IllegalArgumentException("number of unreadable answers " + maxMalformed + " is not positive");
        }
    }

    /** The pauses between attempts. */
    public Backoff backoff() {
        return new Backoff(initialBackoff, maxBackoff);
    }
}
