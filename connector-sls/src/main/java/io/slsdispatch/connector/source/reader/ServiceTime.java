package io.slsdispatch.connector.source.reader;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Conservative estimate of the service's clock: decides whether it is past a given time. Responses contain the
 * service's time; between responses, the elapsed time is added. If responses do not contain it, only the local clock is
 * available, corrected as for signatures. It may be wrong by as much as the service tolerates: 15 minutes (help page
 * "Error codes", RequestTimeExpired). Before the first response it may be wrong by any amount, and nothing is past.
 * Thread-safe.
 */
final class ServiceTime {

    private static final Duration TOLERATED_SKEW = Duration.ofMinutes(15);

    /** The service consists of many machines, and reports its time in whole seconds. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    private final Clock clock;
    private final Supplier<Duration> clockOffset;
    private final LongSupplier nanoTime;
    private boolean answered;
    private boolean observed;
    private Instant observedTime = Instant.EPOCH;
    private long observedAt;
    private long skewSeconds;

    /**
     * Creates an estimate.
     *
     * @param clock the local clock
     * @param clockOffset by how much requests are signed ahead of it
     * @param nanoTime as {@link System#nanoTime()}
     */
    ServiceTime(Clock clock, Supplier<Duration> clockOffset, LongSupplier nanoTime) {
        this.clock = clock;
        this.clockOffset = clockOffset;
        this.nanoTime = nanoTime;
    }

    /**
     * Records the time in a response.
     *
     * @param serverTimeSeconds unix seconds; 0 if it had none
     * @param ageNanos how long ago the response arrived: while a slow target holds back the source, it waits for minutes
     */
    synchronized void observe(long serverTimeSeconds, long ageNanos) {
        answered = true;
        if (serverTimeSeconds > 0) {
            observedTime = Instant.ofEpochSecond(serverTimeSeconds);
            observedAt = nanoTime.getAsLong() - ageNanos;
            skewSeconds =
                    serverTimeSeconds - clock.instant().minusNanos(ageNanos).getEpochSecond();
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

    private Instant corrected() {
        return clock.instant().plus(clockOffset.get());
    }

    /** Returns the service's time; by the local clock until a response contained the time. */
    synchronized Instant now() {
        return observed ? observedTime.plusNanos(nanoTime.getAsLong() - observedAt) : corrected();
    }

    /** Returns whether everything that the service will receive is received after this time. */
    synchronized boolean isPast(Instant moment) {
        Instant earliest = observed ? now().minus(MARGIN) : corrected().minus(TOLERATED_SKEW);
        return answered && !earliest.isBefore(moment);
    }
}
