package io.slsdispatch.connector.put;

import java.util.concurrent.TimeUnit;

/**
 * Limits the sending rate of an engine: there is no limit until the service throttles. Throttling sets the limit to a
 * fraction of the attempted rate; from there it rises slowly until it no longer matters. Counts bytes, where each
 * request counts at least its share of the service's limit on calls. One thread.
 */
final class RateLimiter {

    /** A shard accepts 5 MB and 500 calls per second ("Data read and write"): a call costs as much as 10 kB. */
    static final long LEAST_COST = 10_000;

    private static final double DECREASE = 0.8;
    private static final double INCREASE_PER_SECOND = 0.1;
    private static final double LEAST_RATE = LEAST_COST;
    private static final double NO_LIMIT_ABOVE = 1e9;

    /** The upper bound of a request's wait, however low the rate is, so that the end of throttling is noticed. */
    private static final double LONGEST_WAIT = TimeUnit.SECONDS.toNanos(10);

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private boolean limited;
    private double rate;
    private long rateSetAt;
    private long freeAt;

    /** Bytes sent recently, decaying with a time constant of one second: in steady state the bytes sent per second. */
    private double lately;

    private long latelyAt;

    RateLimiter(long now) {
        latelyAt = now;
    }

    /** Whether the rate is limited. */
    boolean limits(long now) {
        return limited && rate(now) < NO_LIMIT_ABOVE;
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
     * The service refused a request because of its rate.
     *
     * @param sentAt when that request was sent; requests sent before the last decrease are ignored
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
