package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Exponential back-off with full jitter: the upper bound doubles with every failure in a row up to a maximum, and each
 * pause is random between zero and that bound, so that senders that failed together do not retry together.
 *
 * @param initial the upper bound of the first pause
 * @param max the upper bound of every pause
 */
@PublicEvolving
public record Backoff(Duration initial, Duration max) implements Serializable {

    // More doublings would overflow; the maximum is always reached before.
    private static final int MAX_DOUBLINGS = 30;

    public Backoff {
        Checks.positive("initial back-off", initial);
        if (max.compareTo(initial) < 0) {
            throw new IllegalArgumentException("maximum back-off " + Durations.text(max)
                    + " is shorter than the initial back-off " + Durations.text(initial));
        }
    }

    /**
     * The next pause.
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
