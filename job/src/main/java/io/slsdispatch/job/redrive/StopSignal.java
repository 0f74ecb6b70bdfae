package io.slsdispatch.job.redrive;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells a run to end. From any thread, once and for all. */
public final class StopSignal {

    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Waits for something that can be given up at any moment. Guarded by this. */
    private @Nullable Thread waiting;

    public synchronized void stop() {
        stopped.countDown();
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    /** From now on the calling thread is interrupted when the run is to end. Gives false when it is to end already. */
    synchronized boolean mayInterrupt() {
        if (isStopped()) {
            return false;
        }
        waiting = Thread.currentThread();
        return true;
    }

    /** From now on the calling thread is not interrupted; if it was, for the end of the run, that is forgotten. */
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

    /** Waits for so long at most; gives true at once when the run is to end. */
    boolean await(Duration time) throws InterruptedException {
        return stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
