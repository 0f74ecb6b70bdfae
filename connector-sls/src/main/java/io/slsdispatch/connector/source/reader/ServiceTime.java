package io.slsdispatch.connector.source.reader;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Tells whether the service's clock is past a moment, on the safe side. The service gives its time with answers; between
 * answers it is counted on. Before the first one there is only the local clock, which may be wrong by as much as the
 * service tolerates: 15 minutes (help page "Error codes", RequestTimeExpired). Safe for use from many threads.
 */
final class ServiceTime {

    private static final Duration TOLERATED_SKEW = Duration.ofMinutes(15);

    /** The service is many machines, and gives its time in whole seconds. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    private final Clock clock;
    private final LongSupplier nanoTime;
    private boolean observed;
    private Instant observedTime = Instant.EPOCH;
    private long observedAt;
    private long skewSeconds;

    ServiceTime(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Takes the time of an answer, unix seconds; 0 when it did not say. */
    synchronized void observe(long serverTimeSeconds) {
        if (serverTimeSeconds > 0) {
            observedTime = Instant.ofEpochSecond(serverTimeSeconds);
            observedAt = nanoTime.getAsLong();
            skewSeconds = serverTimeSeconds - clock.instant().getEpochSecond();
            observed = true;
        }
    }

    /** By how many seconds the service's clock was ahead of the local one at the last answer; 0 before the first. */
    synchronized long skewSeconds() {
        return skewSeconds;
    }

    /** Whether the service has said what time it is. */
    synchronized boolean isKnown() {
        return observed;
    }

    /** What time it is for the service; by the local clock before it has said so. */
    synchronized Instant now() {
        return observed ? observedTime.plusNanos(nanoTime.getAsLong() - observedAt) : clock.instant();
    }

    /** Whether everything that the service will ever receive, it receives after this moment. */
    synchronized boolean isPast(Instant moment) {
        return (observed && !now().minus(MARGIN).isBefore(moment))
                || !clock.instant().minus(TOLERATED_SKEW).isBefore(moment);
    }
}
