package io.slsdispatch.connector.source.reader;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes one waiting thread. A signal that comes early is kept, so the next wait ends at once; who waits looks at
 * everything again after each wait.
 */
final class WakeUpSignal {

    private final Semaphore permits = new Semaphore(0);

    void raise() {
        if (permits.availablePermits() == 0) {
            permits.release();
        }
    }

    /** Waits for a signal, at most so many nanoseconds. */
    void await(long nanos) throws InterruptedException {
        if (permits.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            permits.drainPermits();
        }
    }
}
