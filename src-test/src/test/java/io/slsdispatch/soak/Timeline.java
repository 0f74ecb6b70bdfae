package io.slsdispatch.soak;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The time of a soak since its begin, and its log: one line for each thing that happens. */
final class Timeline {

    private final PrintStream out;
    private final long begin = System.nanoTime();
    /** Counted down never: waiting for it is a pause that an interrupt ends. */
    private final CountDownLatch interruption = new CountDownLatch(1);

    Timeline(PrintStream out) {
        this.out = out;
    }

    Duration now() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    synchronized void say(String what) {
        out.printf(Locale.ROOT, "[%4d s] %s%n", now().toSeconds(), what);
    }

    /** Waits; at once when that time is past. */
    void waitUntil(Duration time) throws InterruptedException {
        long nanos = time.minus(now()).toNanos();
        if (nanos > 0 && interruption.await(nanos, TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("cannot happen");
        }
    }

    void waitFor(Duration time) throws InterruptedException {
        waitUntil(now().plus(time));
    }
}
