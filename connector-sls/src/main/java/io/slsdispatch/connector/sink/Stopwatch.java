package io.slsdispatch.connector.sink;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Measures a duration for a gauge. One thread writes, any thread may read. */
final class Stopwatch {

    /**
     * The state of the stopwatch.
     *
     * @param since when it was started; null while it is stopped
     * @param before nanoseconds measured until then
     */
    private record Reading(@Nullable Long since, long before) {}

    private final LongSupplier nanoClock;
    private volatile Reading reading = new Reading(null, 0);

    Stopwatch(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Continues, if it is stopped. */
    void start(long now) {
        if (reading.since == null) {
            reading = new Reading(now, reading.before);
        }
    }

    /** Starts again from zero. */
    void restart(long now) {
        reading = new Reading(now, 0);
    }

    /** Runs since the given time, whatever it showed before. */
    void runSince(long since) {
        Long current = reading.since;
        if (current == null || current != since || reading.before != 0) {
            reading = new Reading(since, 0);
        }
    }

    /** Stops at zero. */
    void reset() {
        if (reading.since != null || reading.before != 0) {
            reading = new Reading(null, 0);
        }
    }

    void stop(long now) {
        Long since = reading.since;
        if (since != null) {
            reading = new Reading(null, reading.before + now - since);
        }
    }

    long millis() {
        Reading now = reading;
        long current = now.since == null ? 0 : nanoClock.getAsLong() - now.since;
        return TimeUnit.NANOSECONDS.toMillis(now.before + current);
    }
}
