package io.slsdispatch.connector.put;

import java.util.concurrent.TimeUnit;

/**
 * Whether to wait for more groups before a request is made of those that are there. A request costs about the same
 * whatever it carries, so it does not pay to make many small ones side by side: while one is in flight, its answer is
 * awaited, unless enough waits or it takes too long. So a lone group never waits, a slow stream waits no longer
 * than an answer takes, and a fast one goes in large requests. One thread.
 */
final class BatchLinger {

    /** More would make a request hardly cheaper for each byte. */
    static final long ENOUGH_BYTES = 512 << 10;

    /** An answer that takes longer is not awaited: it may be lost. */
    static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    private boolean lingers;
    private long since;

    /**
     * How long to wait for more.
     *
     * @param pending requests that are not settled
     * @param bytes of what could be sent now
     * @return nanoseconds; 0 when it is to be sent
     */
    long toWait(int pending, long bytes, long now) {
        if (pending == 0 || bytes >= ENOUGH_BYTES) {
            lingers = false;
            return 0;
        }
        if (!lingers) {
            lingers = true;
            since = now;
        }
        long wait = LONGEST_NANOS - (now - since);
        if (wait <= 0) {
            lingers = false;
            return 0;
        }
        return wait;
    }
}
