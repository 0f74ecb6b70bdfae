package io.slsdispatch.connector.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The present {@link Problem} of one part of the job. A problem is over when the part has worked since the last failure
 * and that failure is at least {@link #KEPT} ago: a throttled target accepts a request now and then, and a problem that
 * came and went between two looks at the metric would not be seen. One thread writes, any thread reads.
 */
@Internal
public final class ProblemTracker {

    /** Longer than the 10 seconds after which Flink's REST interface fetches metrics again. */
    static final Duration KEPT = Duration.ofSeconds(15);

    /**
     * What is known.
     *
     * @param failedAt when the last failure was
     * @param worked whether the part has worked since then
     */
    private record State(Problem problem, Instant failedAt, boolean worked) {}

    private final InstantSource clock;
    private volatile @Nullable State state;

    public ProblemTracker(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * An attempt has failed.
     *
     * @param pause until the next attempt; null if none is scheduled
     * @param left until the attempts end and the job fails; null if they do not end
     */
    public void failed(Problem.Kind kind, String message, @Nullable Duration pause, @Nullable Duration left) {
        Instant now = clock.instant();
        Problem before = current();
        state = new State(
                new Problem(
                        kind,
                        before == null ? now : before.since(),
                        pause == null ? null : now.plus(pause),
                        left == null ? null : now.plus(left.isNegative() ? Duration.ZERO : left),
                        message),
                now,
                false);
    }

    /** The part works. Cheap while there is no problem. */
    public void works() {
        State now = state;
        if (now != null && !now.worked) {
            state = new State(now.problem, now.failedAt, true);
        }
    }

    /** The problem is over at once. */
    public void clear() {
        state = null;
    }

    /** The present problem; null if there is none. */
    public @Nullable Problem current() {
        State now = state;
        if (now == null || (now.worked && !clock.instant().isBefore(now.failedAt.plus(KEPT)))) {
            return null;
        }
        return now.problem;
    }

    /** The text of the present problem; empty if there is none. */
    public String text() {
        Problem now = current();
        return now == null ? "" : now.text();
    }

    /** The number of the present problem, see {@link Problem.Kind#status}; 0 if there is none. */
    public int status() {
        Problem now = current();
        return now == null ? 0 : now.kind().status();
    }
}
