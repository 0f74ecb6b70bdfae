package io.slsdispatch.job.probe;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Time for the probe, which tests replace. */
public interface Waits {

    /** Waits, or returns early when the probe is stopped. */
    void pause(Duration time) throws InterruptedException;

    /** As {@link System#nanoTime()}. */
    long nanoTime();

    /** Waits of the given latch: they end when it is counted down. */
    static Waits until(CountDownLatch stopped) {
        return new Waits() {
            @Override
            public void pause(Duration time) throws InterruptedException {
                var unused = stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }
        };
    }
}
