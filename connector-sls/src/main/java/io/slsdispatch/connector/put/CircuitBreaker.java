package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether a target works. While it does, the circuit is closed. When the target has answered nothing for too long although
 * requests were in flight, it opens: items are given back, and only a probe now and then is sent; the first answer closes
 * it. An answer is an acknowledgement, or that a group will never be taken: both show that the target works. One thread.
 */
final class CircuitBreaker<I> {

    private enum State {
        CLOSED,
        OPEN,
        /** Open, and a probe is in flight, for whose answer items wait. */
        PROBING,
        /** Open, and a probe is in flight that has taken too long to be waited for. */
        PROBE_LATE
    }

    private final Outage outage;
    private final Backoff backoff;
    private final PutItems<I> sizes;
    private final PutListener<I> listener;
    private final PutMetrics metrics;
    private final RandomGenerator random;

    private State state = State.CLOSED;
    private int failedProbes;
    private long probeAt;

    /** Whether requests have been in flight without an answer, and since when. */
    private boolean silent;

    private long silentSince;
    private @Nullable SlsException lastError;
    private long missedItems;
    private long missedBytes;

    CircuitBreaker(PutPolicy policy, PutContext context, PutItems<I> sizes, PutListener<I> listener) {
        this.outage = policy.outage();
        this.backoff = policy.retry().backoff();
        this.metrics = context.metrics();
        this.random = context.random();
        this.sizes = sizes;
        this.listener = listener;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Opens when the target has been silent for too long; what waits is to be given back then. */
    boolean opens(long now) {
        if (state != State.CLOSED
                || outage.policy() == OnOutage.BLOCK
                || !silent
                || now - silentSince < outage.after().toNanos()) {
            return false;
        }
        state = State.OPEN;
        waitForProbe(now);
        missedItems = 0;
        missedBytes = 0;
        metrics.circuit(true);
        listener.circuitOpened(lastError);
        return true;
    }

    /** Whether an item is to be sent, or to wait for the answer to a probe; it may become the probe itself. */
    boolean admits(long now) {
        if (state == State.OPEN && now - probeAt >= 0) {
            state = State.PROBING;
        }
        return state == State.CLOSED || state == State.PROBING;
    }

    /** Gives items back that do not wait for the target. */
    void giveBack(List<I> items) {
        items.forEach(this::giveBack);
    }

    void giveBack(I item) {
        missedItems++;
        missedBytes += sizes.bytes(item);
        listener.notDelivered(item, lastError);
    }

    /** A request is in flight. */
    void busy(long now) {
        if (!silent) {
            silent = true;
            silentSince = now;
        }
    }

    /** Nothing is unsettled. */
    void idle() {
        silent = false;
    }

    /** The target has acknowledged something, or said that it never will. */
    void answered(long now) {
        lastError = null;
        silent = true;
        silentSince = now;
        failedProbes = 0;
        if (state != State.CLOSED) {
            state = State.CLOSED;
            metrics.circuit(false);
            listener.circuitClosed(missedItems, missedBytes);
        }
    }

    /** A request has failed. */
    void failed(SlsException error) {
        lastError = error;
    }

    /** From now on nothing waits for the probe; its answer still counts. */
    void probeIsLate() {
        if (state == State.PROBING) {
            state = State.PROBE_LATE;
        }
    }

    /** What shows whether the target is back has failed, or was never sent. */
    void probeFailed(long now) {
        state = State.OPEN;
        waitForProbe(now);
    }

    private void waitForProbe(long now) {
        failedProbes++;
        probeAt = now + backoff.delay(failedProbes, random).toNanos();
    }
}
