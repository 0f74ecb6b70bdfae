package io.slsdispatch.connector.sink;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Measures time for a gauge. One thread writes, any may read. */
final class Stopwatch {

    /**
     * @param since when it was started; null while it stands
     * @param before nanoseconds until then
     */
    private record Reading(@Nullable Long since, long before) {}

    private final LongSupplier nanoClock;
    private volatile Reading reading = new Reading(null, 0);

    Stopwatch(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Goes on from where it stands, if it does not run. */
    void start(long now) {
        if (reading.since == null) {
            reading = new Reading(now, reading.before);
        }
    }

    /** Begins anew. */
    void restart(long now) {
        reading = new Reading(now, 0);
    }

    /** Begins anew at a time, or stands at nothing. */
    void set(@Nullable Long since) {
        reading = new Reading(since, 0);
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
