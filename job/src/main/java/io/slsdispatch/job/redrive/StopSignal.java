package io.slsdispatch.job.redrive;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Signal that stops a run. May be set from any thread, and is never reset. */
public final class StopSignal {

    private final CountDownLatch stopped = new CountDownLatch(1);

    /** The thread in a wait that may be interrupted at any time. Guarded by this. */
    private @Nullable Thread waiting;

    public synchronized void stop() {
        stopped.countDown();
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    /** Allows the signal to interrupt the calling thread from now on. Returns false when the run is stopped already. */
    synchronized boolean mayInterrupt() {
        if (isStopped()) {
            return false;
        }
        waiting = Thread.currentThread();
        return true;
    }

    /** Forbids the signal to interrupt the calling thread from now on. An interrupt by the signal is cleared. */
    @SuppressWarnings("ResultOfMethodCallIgnored") // clears the flag
    synchronized void mayNotInterrupt() {
        waiting = null;
        if (isStopped()) {
            Thread.interrupted();
        }
    }

    public boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** Waits up to this time; returns true at once when the run is stopped. */
    boolean await(Duration time) throws InterruptedException {
        return stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
