package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.DiscoveryConfig;
import io.slsdispatch.connector.config.ReadRetryConfig;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** When shards are listed next, and since when that has not worked. One thread. */
final class DiscoverySchedule {

    private final DiscoveryConfig discovery;
    private final ReadRetryConfig retries;
    private final LongSupplier nanoTime;
    private final DoubleSupplier random;
    private long lastSuccess;
    private long next;
    private int failures;

    /**
     * @param nanoTime as {@link System#nanoTime()}
     * @param random from 0 to 1
     */
    DiscoverySchedule(
            DiscoveryConfig discovery, ReadRetryConfig retries, LongSupplier nanoTime, DoubleSupplier random) {
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
        double stretch = 1 + discovery.jitter() * random.getAsDouble();
        next = lastSuccess + (long) (discovery.interval().toNanos() * stretch);
    }

    /** The next listing comes after a pause that grows with every failure, and not later than usual. */
    void failed() {
        failures++;
        Duration pause = retries.backoff(failures, random.getAsDouble());
        next = nanoTime.getAsLong()
                + Math.min(pause.toNanos(), discovery.interval().toNanos());
    }

    /** The next listing comes after the shortest of those pauses. */
    void again() {
        next = nanoTime.getAsLong()
                + Math.min(
                        retries.initialBackoff().toNanos(), discovery.interval().toNanos());
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
