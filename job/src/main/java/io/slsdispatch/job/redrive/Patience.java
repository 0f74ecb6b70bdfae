package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Backoff;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Asks again after failures that may pass, with growing waits, for so long and no longer. */
final class Patience {

    /** A request. */
    interface Call<T> {
        T make() throws SlsException, InterruptedException;
    }

    /** The run was told to end while it waited. */
    static final class StoppedException extends Exception {

        private static final long serialVersionUID = 1L;
    }

    static final Duration LIMIT = Duration.ofMinutes(2);

    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
    private final Duration limit;
    private final StopSignal stop;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;
    private final Consumer<String> says;

    /**
     * @param limit for how long one request is repeated
     * @param says told of failures that pass
     */
    Patience(Duration limit, StopSignal stop, LongSupplier nanoClock, RandomGenerator random, Consumer<String> says) {
        this.limit = limit;
        this.stop = stop;
        this.nanoClock = nanoClock;
        this.random = random;
        this.says = says;
    }

    /**
     * Makes a request until it succeeds.
     *
     * @throws SlsException when it fails for a reason that does not pass, or for too long
     * @throws StoppedException when the run is to end
     */
    <T> T of(Call<T> call) throws SlsException, StoppedException, InterruptedException {
        long begin = nanoClock.getAsLong();
        for (int failures = 1; ; failures++) {
            try {
                return call.make();
            } catch (SlsException e) {
                if (!e.kind().isTransient() || nanoClock.getAsLong() - begin >= limit.toNanos()) {
                    throw e;
                }
                says.accept("asks again: " + e.getMessage());
            }
            if (stop.await(backoff.delay(failures, random))) {
                throw new StoppedException();
            }
        }
    }
}
