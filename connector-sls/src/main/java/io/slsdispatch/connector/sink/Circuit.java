package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether a target is in order. While it is, the circuit is closed. When the target has answered nothing for too long
 * although requests were under way, it opens, and only a probe now and then is sent; the first answer closes it. An
 * answer is an acknowledgement, or that a group will never be taken: both show that the target works.
 *
 * <p>Decides only; task thread only.
 */
final class Circuit {

    private enum State {
        CLOSED,
        OPEN,
        /** Open, and a probe is under way, for whose answer groups wait. */
        PROBING,
        /** Open, and a probe is under way that has taken too long to be waited for. */
        PROBE_LATE
    }

    private final Outage outage;
    private final Backoff backoff;
    private final RandomGenerator random;

    private State state = State.CLOSED;
    private int failedProbes;
    private long probeAt;

    /** Since when requests have been under way without an answer; null when none is. */
    private @Nullable Long silentSince;

    Circuit(Outage outage, Backoff backoff, RandomGenerator random) {
        this.outage = outage;
        this.backoff = backoff;
        this.random = random;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** There is something under way. */
    void busy(long now) {
        if (silentSince == null) {
            silentSince = now;
        }
    }

    /** There is nothing under way. */
    void idle() {
        silentSince = null;
    }

    /**
     * The target has answered.
     *
     * @return whether that closes the circuit
     */
    boolean answered(long now) {
        silentSince = now;
        boolean closes = state != State.CLOSED;
        state = State.CLOSED;
        failedProbes = 0;
        return closes;
    }

    /** Whether the target has been silent for too long. */
    boolean mustOpen(long now) {
        return state == State.CLOSED
                && outage.policy() != OnOutage.BLOCK
                && silentSince != null
                && now - silentSince >= outage.after().toNanos();
    }

    void open(long now) {
        state = State.OPEN;
        waitForProbe(now);
    }

    /** Whether the group that comes now is sent to see if the target is back. If so, a probe is under way. */
    boolean probes(long now) {
        if (state == State.OPEN && now - probeAt >= 0) {
            state = State.PROBING;
            return true;
        }
        return false;
    }

    /** Whether a probe is under way: what comes meanwhile may wait for its answer. */
    boolean isProbing() {
        return state == State.PROBING;
    }

    /** From now on nothing waits for the probe; its answer still counts. */
    void probeIsLate() {
        if (state == State.PROBING) {
            state = State.PROBE_LATE;
        }
    }

    void probeFailed(long now) {
        state = State.OPEN;
        waitForProbe(now);
    }

    private void waitForProbe(long now) {
        failedProbes++;
        Duration wait = backoff.delay(failedProbes, random);
        probeAt = now + wait.toNanos();
    }
}
