package io.slsdispatch.connector.put;

import java.util.concurrent.TimeUnit;

/**
 * Decides whether a request waits for more groups. A request costs about the same whatever its size, so many small
 * concurrent requests are inefficient: while one is in flight, the next one waits for its answer, unless enough bytes
 * are waiting or the answer takes too long. So a single group never waits, a slow stream waits no longer than an answer
 * takes, and a fast stream is sent in large requests. One thread.
 */
final class BatchLinger {

    /** Above this size, the cost of a byte hardly decreases. */
    static final long ENOUGH_BYTES = 512 << 10;

    /** The maximum wait for an answer: a later answer may be lost. */
    static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    private boolean lingers;
    private long since;

    /**
     * How long to wait for more groups.
     *
     * @param pending unsettled requests
     * @param bytes that could be sent now
     * @return nanoseconds; 0 to send now
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
