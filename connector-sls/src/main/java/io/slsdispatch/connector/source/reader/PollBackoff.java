package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.PullConfig;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Back-off of a shard's requests: no pause while data arrives, a growing pause while the shard is idle, exponential
 * back-off with full jitter after failures, and a minimum pause that adapts to the read quota of the shard. One thread;
 * all pauses in nanoseconds.
 */
final class PollBackoff {

    private static final long SHORTEST_QUOTA_GAP = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_QUOTA_GAP = TimeUnit.SECONDS.toNanos(10);

    private static final long LONGEST_CONTRADICTION_GAP = TimeUnit.SECONDS.toNanos(5);

    /** Factor of the quota pause after each request that was not throttled: a slow decay, so that the rate settles. */
    private static final double QUOTA_RECOVERY = 0.95;

    /** Maximum extension of idle pauses, as a fraction, so that shards do not poll at the same time. */
    private static final double IDLE_JITTER = 0.2;

    /** Divisor: this part of an idle pause may be skipped, so that shards are polled together (125 ms of a second). */
    private static final int IDLE_EARLY = 8;

    private final PullConfig pulls;
    private final Backoff backoff;
    private final RandomGenerator random;
    private long idle;
    private long quotaGap;
    private int failures;

    PollBackoff(PullConfig pulls, Backoff backoff, RandomGenerator random) {
        this.pulls = pulls;
        this.backoff = backoff;
        this.random = random;
    }

    /** Returns the pause after a response with data. */
    long afterData(boolean endOfShard) {
        idle = 0;
        succeeded();
        return Math.max(endOfShard ? pulls.idlePollFloor().toNanos() : 0, quotaGap);
    }

    /** Returns the pause after a response without data. */
    long afterNothing() {
        succeeded();
        idle = Math.max(
                pulls.idlePollFloor().toNanos(),
                Math.min(2 * idle, pulls.idlePollCeiling().toNanos()));
        return Math.max((long) (idle * (1 + IDLE_JITTER * random.nextDouble())), quotaGap);
    }

    /** Returns how much of the pause {@link #afterNothing} may be skipped; none while a quota limits the rate. */
    long early() {
        return quotaGap == 0 ? idle / IDLE_EARLY : 0;
    }

    /** Returns the pause after the service refused a request because a quota was exceeded. */
    long afterThrottling() {
        quotaGap = Math.max(SHORTEST_QUOTA_GAP, Math.min(2 * quotaGap, LONGEST_QUOTA_GAP));
        return Math.max(quotaGap, afterFailure());
    }

    /** Returns the pause after any other failure. */
    long afterFailure() {
        failures++;
        return backoff.delay(failures, random).toNanos();
    }

    /** Returns the pause after this number of consecutive end cursors that contradict the pulls. */
    long afterContradiction(int times) {
        return Math.min(backoff.delay(times, random).toNanos(), LONGEST_CONTRADICTION_GAP);
    }

    private void succeeded() {
        failures = 0;
        quotaGap = (long) (quotaGap * QUOTA_RECOVERY);
        if (quotaGap < SHORTEST_QUOTA_GAP / 10) {
            quotaGap = 0;
        }
    }
}
