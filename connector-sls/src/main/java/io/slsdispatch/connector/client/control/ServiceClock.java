package io.slsdispatch.connector.client.control;

import io.slsdispatch.connector.client.exchange.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the time of the service's clock: the time in the newest answer that has one, plus the time elapsed since
 * then by a monotonic clock. Never ahead of the service's clock, since times in answers are truncated to whole seconds.
 * Safe for use from many threads.
 */
@Internal
public final class ServiceClock {

    /** The time in an answer, and when the answer arrived by {@link System#nanoTime()}. */
    private record Observed(Instant time, long at) {}

    private final LongSupplier nanoTime;
    private volatile @Nullable Observed newest;

    /**
     * @param nanoTime as {@link System#nanoTime()}
     */
    public ServiceClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Reads the time of an answer; an answer without a time changes nothing. */
    void observe(Answer answer) {
        answer.time().ifPresent(time -> newest = new Observed(time, nanoTime.getAsLong()));
    }

    /** The current time of the clock; empty before the first answer with a time. */
    public Optional<Instant> now() {
        Observed last = newest;
        return last == null
                ? Optional.empty()
                : Optional.of(last.time.plus(Duration.ofNanos(nanoTime.getAsLong() - last.at)));
    }
}
