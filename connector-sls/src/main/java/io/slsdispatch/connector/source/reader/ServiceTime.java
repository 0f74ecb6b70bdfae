package io.slsdispatch.connector.source.reader;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Conservative estimate of the service's clock: decides whether it is past a given time. Responses contain the
 * service's time; between responses, local time is added. Before the first response only the local clock is available,
 * which may be wrong by as much as the service tolerates: 15 minutes (help page "Error codes", RequestTimeExpired).
 * Thread-safe.
 */
final class ServiceTime {

    private static final Duration TOLERATED_SKEW = Duration.ofMinutes(15);

    /** The service consists of many machines, and reports its time in whole seconds. */
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

    /** Records the time in a response, unix seconds; 0 if it had none. */
    synchronized void observe(long serverTimeSeconds) {
        if (serverTimeSeconds > 0) {
            observedTime = Instant.ofEpochSecond(serverTimeSeconds);
            observedAt = nanoTime.getAsLong();
            skewSeconds = serverTimeSeconds - clock.instant().getEpochSecond();
            observed = true;
        }
    }

    /** Returns by how many seconds the service's clock was ahead at the last response; 0 before the first. */
    synchronized long skewSeconds() {
        return skewSeconds;
    }

    /** Returns whether a response contained the service's time. */
    synchronized boolean isKnown() {
        return observed;
    }

    /** Returns the service's time; by the local clock until a response contained the time. */
    synchronized Instant now() {
        return observed ? observedTime.plusNanos(nanoTime.getAsLong() - observedAt) : clock.instant();
    }

    /** Returns whether everything that the service will receive is received after this time. */
    synchronized boolean isPast(Instant moment) {
        return (observed && !now().minus(MARGIN).isBefore(moment))
                || !clock.instant().minus(TOLERATED_SKEW).isBefore(moment);
    }
}
