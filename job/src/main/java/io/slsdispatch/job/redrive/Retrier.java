package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.Durations;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Retrier of requests: retries transient failures with exponential back-off, up to a time limit. */
final class Retrier {

    /** A request. */
    interface Call<T> {
        T make() throws SlsException, InterruptedException;
    }

    /** Thrown when the run is stopped while it waits. */
    static final class StoppedException extends Exception {

        private static final long serialVersionUID = 1L;
    }

    static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Duration TELL_EVERY = Duration.ofSeconds(10);

    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
    private final Duration limit;
    private final StopSignal stop;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;
    private final Consumer<String> says;

    /**
     * @param limit time limit for the retries of one request
     * @param says receives a message for each transient failure
     */
    Retrier(Duration limit, StopSignal stop, LongSupplier nanoClock, RandomGenerator random, Consumer<String> says) {
        this.limit = limit;
        this.stop = stop;
        this.nanoClock = nanoClock;
        this.random = random;
        this.says = says;
    }

    /**
     * Makes a request and retries it until it succeeds. A request in flight is cancelled when the run is stopped.
     *
     * @throws SlsException when the failure is not transient, or lasts longer than the limit
     * @throws StoppedException when the run is stopped
     */
    <T> T call(Call<T> call) throws SlsException, StoppedException, InterruptedException {
        long begin = nanoClock.getAsLong();
        long toldAt = begin;
        for (int failures = 1; ; failures++) {
            if (!stop.mayInterrupt()) {
                throw new StoppedException();
            }
            try {
                return call.make();
            } catch (SlsException e) {
                long now = nanoClock.getAsLong();
                if (!stop.isStopped() && (!e.kind().isTransient() || now - begin >= limit.toNanos())) {
                    throw e;
                }
                if (failures == 1 || now - toldAt >= TELL_EVERY.toNanos()) {
                    toldAt = now;
                    says.accept("retrying for " + Durations.measured(Duration.ofNanos(now - begin)) + " (limit "
                            + Durations.text(limit) + "): " + e.getMessage());
                }
            } catch (InterruptedException e) {
                if (!stop.isStopped()) {
                    throw e;
                }
            } finally {
                stop.mayNotInterrupt();
            }
            if (stop.await(backoff.delay(failures, random))) {
                throw new StoppedException();
            }
        }
    }
}
