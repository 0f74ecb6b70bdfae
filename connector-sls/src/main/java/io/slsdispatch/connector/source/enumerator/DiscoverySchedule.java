package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.DiscoveryConfig;
import io.slsdispatch.connector.config.ReadRetryConfig;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Schedule of shard listings, and the age of the last successful one. One thread. */
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

    /** Schedules the next listing one interval later. */
    void succeeded() {
        failures = 0;
        lastSuccess = nanoTime.getAsLong();
        double stretch = 1 + discovery.jitter() * random.nextDouble();
        next = lastSuccess + (long) (discovery.interval().toNanos() * stretch);
    }

    /** Schedules the next listing after a back-off that grows with each failure, at most one interval. */
    void failed() {
        failures++;
        Duration pause = retries.backoff().delay(failures, random);
        in(pause);
    }

    /** Schedules the next listing after this pause, at most one interval. */
    void in(Duration pause) {
        next = nanoTime.getAsLong()
                + Math.min(pause.toNanos(), discovery.interval().toNanos());
    }

    /** Schedules the next listing at once. */
    void now() {
        next = nanoTime.getAsLong();
    }

    /** Returns the time until the next listing. */
    Duration untilNext() {
        return Duration.ofNanos(Math.max(0, next - nanoTime.getAsLong()));
    }

    /** Returns the time since the last successful listing, or since the schedule was created. */
    Duration age() {
        return Duration.ofNanos(nanoTime.getAsLong() - lastSuccess);
    }
}
