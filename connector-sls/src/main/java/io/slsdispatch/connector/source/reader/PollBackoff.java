package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.PullConfig;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The pause before a shard's next request: none while data flows, growing while nothing comes, exponential with full
 * jitter after failures, and a minimum that adapts to the shard's read quota. One thread; all pauses in nanoseconds.
 */
final class PollBackoff {

    private static final long SHORTEST_QUOTA_GAP = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_QUOTA_GAP = TimeUnit.SECONDS.toNanos(10);

    private static final long LONGEST_CONTRADICTION_GAP = TimeUnit.SECONDS.toNanos(5);

    /** What is left of the gap after each request that the quota let through: slow, so that the pace settles. */
    private static final double QUOTA_RECOVERY = 0.95;

    /** Up to which part idle pauses are stretched, so that shards do not poll in step. */
    private static final double IDLE_JITTER = 0.2;

    /** Which part of an idle pause may be left out, so that shards are polled together: 125 ms of a second. */
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

    /** After an answer with data. */
    long afterData(boolean endOfShard) {
        idle = 0;
        succeeded();
        return Math.max(endOfShard ? pulls.idlePollFloor().toNanos() : 0, quotaGap);
    }

    /** After an answer without data. */
    long afterNothing() {
        succeeded();
        idle = Math.max(
                pulls.idlePollFloor().toNanos(),
                Math.min(2 * idle, pulls.idlePollCeiling().toNanos()));
        return Math.max((long) (idle * (1 + IDLE_JITTER * random.nextDouble())), quotaGap);
    }

    /** How much of the pause {@link #afterNothing} may be left out; none while a quota sets the pace. */
    long early() {
        return quotaGap == 0 ? idle / IDLE_EARLY : 0;
    }

    /** After a refusal because a quota is used up. */
    long afterThrottling() {
        quotaGap = Math.max(SHORTEST_QUOTA_GAP, Math.min(2 * quotaGap, LONGEST_QUOTA_GAP));
        return Math.max(quotaGap, afterFailure());
    }

    /** After any other failure. */
    long afterFailure() {
        failures++;
        return backoff.delay(failures, random).toNanos();
    }

    /** After so many end cursors in a row that do not fit what pulls bring. */
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
