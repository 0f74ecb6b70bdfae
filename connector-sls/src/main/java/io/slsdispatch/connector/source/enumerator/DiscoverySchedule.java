package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.DiscoveryConfig;
import io.slsdispatch.connector.config.ReadRetryConfig;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** When shards are listed next, and since when that has not worked. One thread. */
final class DiscoverySchedule {

    private final DiscoveryConfig discovery;
    private final ReadRetryConfig retries;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private long lastSuccess;
    private long next;
    private int failures;

    /**
     * @param nanoTime as {@link System#nanoTime()}
     */
    DiscoverySchedule(
            DiscoveryConfig discovery, ReadRetryConfig retries, LongSupplier nanoTime, RandomGenerator random) {
        this.discovery = discovery;
        this.retries = retries;
        this.nanoTime = nanoTime;
        this.random = random;
        this.lastSuccess = nanoTime.getAsLong();
        this.next = lastSuccess;
    }

    boolean isDue() {
        return nanoTime.getAsLong() - next >= 0;
    }

    /** The next listing comes one interval later. */
    void succeeded() {
        failures = 0;
        lastSuccess = nanoTime.getAsLong();
        double stretch = 1 + discovery.jitter() * random.nextDouble();
        next = lastSuccess + (long) (discovery.interval().toNanos() * stretch);
    }

    /** The next listing comes after a pause that grows with every failure, and not later than usual. */
    void failed() {
        failures++;
        Duration pause = retries.backoff().delay(failures, random);
        in(pause);
    }

    /** The next listing comes after this pause, and not later than usual. */
    void in(Duration pause) {
        next = nanoTime.getAsLong()
                + Math.min(pause.toNanos(), discovery.interval().toNanos());
    }

    /** The next listing comes at once. */
    void now() {
        next = nanoTime.getAsLong();
    }

    /** How long ago the last listing succeeded, or the schedule began. */
    Duration age() {
        return Duration.ofNanos(nanoTime.getAsLong() - lastSuccess);
    }
}
