package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Waits that double with every failure in a row up to a ceiling, each taken at random between nothing and that (full
 * jitter), so that many that failed together do not come back together.
 *
 * @param initial the longest first wait
 * @param max the longest wait ever
 */
@PublicEvolving
public record Backoff(Duration initial, Duration max) implements Serializable {

    // Doubling more often than this would overflow; every ceiling is reached long before.
    private static final int MAX_DOUBLINGS = 30;

    public Backoff {
        Checks.positive("initial back-off", initial);
        if (max.compareTo(initial) < 0) {
            throw new IllegalArgumentException(
                    "maximum back-off " + max + " is shorter than the initial one " + initial);
        }
    }

    /**
     * How long to wait now.
     *
     * @param failures how many attempts in a row failed, from 1
     * @return 1 ms to {@link #max()}
     */
    public Duration delay(int failures, RandomGenerator random) {
        return Duration.ofMillis(1 + random.nextLong(ceilingMillis(failures)));
    }

    private long ceilingMillis(int failures) {
        int doublings = Math.min(Math.max(failures - 1, 0), MAX_DOUBLINGS);
        long initialMillis = Math.max(1, initial.toMillis());
        long maxMillis = Math.max(1, max.toMillis());
        return initialMillis > maxMillis >> doublings ? maxMillis : initialMillis << doublings;
    }
}
