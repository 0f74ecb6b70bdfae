package io.slsdispatch.connector.put;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether a request waits for more groups. A request costs about the same whatever its size, so many small
 * concurrent requests are inefficient: while one is in flight, the next one waits for its answer, unless enough bytes
 * are waiting or the answer takes too long. So a single group never waits, a slow stream waits no longer than an answer
 * takes, and a fast stream is sent in large requests.
 *
 * <p>With a configured time, a request waits for that time whether or not another one is in flight: for many targets
 * with little data each, whose groups would otherwise be sent one by one. One thread.
 */
final class BatchLinger {

    /** Above this size, the cost of a byte hardly decreases. */
    static final long ENOUGH_BYTES = 512 << 10;

    /** The maximum wait for an answer: a later answer may be lost. */
    static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    private final boolean whileInFlight;
    private final long longest;
    private boolean lingers;
    private long since;

    /** Waits while another request is in flight. */
    BatchLinger() {
        this.whileInFlight = true;
        this.longest = LONGEST_NANOS;
    }

    /** Waits for a configured time. */
    BatchLinger(Duration time) {
        this.whileInFlight = false;
        this.longest = time.toNanos();
    }

    /**
     * How long to wait for more groups.
     *
     * @param pending unsettled requests
     * @param bytes that could be sent now
     * @return nanoseconds; 0 to send now
     */
    long toWait(int pending, long bytes, long now) {
        if ((whileInFlight && pending == 0) || bytes >= ENOUGH_BYTES) {
            lingers = false;
            return 0;
        }
        if (!lingers) {
            lingers = true;
            since = now;
        }
        long wait = longest - (now - since);
        if (wait <= 0) {
            // With a configured time the wait is over until a request is sent, which the rate limit may delay.
            lingers = !whileInFlight;
            return 0;
        }
        return wait;
    }

    /** A new request is sent; the groups behind it wait on their own. */
    void sent() {
        lingers = false;
    }
}
