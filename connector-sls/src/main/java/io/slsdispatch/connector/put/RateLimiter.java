package io.slsdispatch.connector.put;

import java.util.concurrent.TimeUnit;

/**
 * How fast an engine sends: without limit until the service throttles, then less by a share of what was tried, and from
 * there gently more, until the limit no longer matters. Counts bytes, and every request for no less than its share of
 * the service's limit on calls. One thread.
 */
final class RateLimiter {

    /** A shard takes 5 MB and 500 calls per second ("Data read and write"): a call is worth 10 kB. */
    static final long LEAST_COST = 10_000;

    private static final double DECREASE = 0.8;
    private static final double INCREASE_PER_SECOND = 0.1;
    private static final double LEAST_RATE = LEAST_COST;
    private static final double NO_LIMIT_ABOVE = 1e9;

    /** However slow: a request never waits longer than this for its turn, so that the end of throttling is seen. */
    private static final double LONGEST_WAIT = TimeUnit.SECONDS.toNanos(10);

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private boolean limited;
    private double rate;
    private long rateSetAt;
    private long freeAt;

    /** Bytes sent lately, fading with a time constant of a second: in steady state the bytes sent per second. */
    private double lately;

    private long latelyAt;

    RateLimiter(long now) {
        latelyAt = now;
    }

    /** Nanoseconds to wait before the next request; 0 when it may go now. */
    long toWait(long now) {
        return limited ? Math.max(0, freeAt - now) : 0;
    }

    void sent(long bytes, long now) {
        long cost = Math.max(bytes, LEAST_COST);
        lately = fading(now) + cost;
        latelyAt = now;
        if (limited) {
            double rateNow = rate(now);
            limited = rateNow < NO_LIMIT_ABOVE;
            freeAt = Math.max(freeAt, now) + (long) Math.min(cost / rateNow * SECOND, LONGEST_WAIT);
        }
    }

    /**
     * The service refused a request for its rate.
     *
     * @param sentAt when that was sent; those sent before the last decrease say nothing new
     */
    void throttled(long sentAt, long now) {
        if (limited && sentAt - rateSetAt < 0) {
            return;
        }
        double tried = limited ? Math.min(rate(now), fading(now)) : fading(now);
        rate = Math.max(LEAST_RATE, tried * DECREASE);
        rateSetAt = now;
        freeAt = Math.max(freeAt, now);
        limited = true;
    }

    private double fading(long now) {
        return lately * Math.exp((latelyAt - now) / SECOND);
    }

    private double rate(long now) {
        return rate * Math.exp((now - rateSetAt) / SECOND * INCREASE_PER_SECOND);
    }
}
