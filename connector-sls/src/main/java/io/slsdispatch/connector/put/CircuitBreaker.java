package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Detects when a target stops accepting groups, and stops sending to it. While the target works, the circuit is closed.
 * When the target has answered nothing for too long although requests were in flight, the circuit opens: items are
 * given back, and only an occasional probe is sent; the first answer closes the circuit. An answer is an
 * acknowledgement or the rejection of a group: both show that the target works. One thread.
 *
 * <p>A local failure, see {@link PutErrors#isLocal}, says nothing about the target. Time in which requests fail
 * like that does not count as an outage, and such a failure of a probe closes the circuit: items wait again.
 */
final class CircuitBreaker<I> {

    private enum State {
        CLOSED,
        OPEN,
        /** Open, and a probe is in flight; items wait for its answer. */
        PROBING,
        /** Open, and a probe is in flight, but has taken too long: items do not wait for it. */
        PROBE_LATE
    }

    /**
     * The state of a circuit without pending requests.
     *
     * @param failedProbes and the next component: how often the target was probed, and when it is probed again
     * @param items and the next component: what was given back since the circuit opened
     */
    record Memory(
            boolean isOpen,
            int failedProbes,
            long probeAt,
            @Nullable SlsException lastError,
            long items,
            long bytes) {}

    private final Outage outage;
    private final Backoff backoff;
    private final PutItems<I> sizes;
    private final PutListener<I> listener;
    private final PutMetrics metrics;
    private final RandomGenerator random;

    private State state = State.CLOSED;
    private int failedProbes;
    private long probeAt;

    /** Whether requests have been in flight without an answer, and below since when. */
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

    Memory memory() {
        return new Memory(!isClosed(), failedProbes, probeAt, lastError, missedItems, missedBytes);
    }

    /** Continues in an earlier state. */
    void restore(Memory memory) {
        state = memory.isOpen ? State.OPEN : State.CLOSED;
        failedProbes = memory.failedProbes;
        probeAt = memory.probeAt;
        lastError = memory.lastError;
        missedItems = memory.items;
        missedBytes = memory.bytes;
    }

    /** Opens the circuit if the target has been silent for too long; waiting items must then be given back. */
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

    /** Whether an item is to be sent, or to wait for the answer to a probe. The item may become the probe itself. */
    boolean admits(long now) {
        if (state == State.OPEN && now - probeAt >= 0) {
            state = State.PROBING;
        }
        return state == State.CLOSED || state == State.PROBING;
    }

    /** Gives back items that do not wait for the target. */
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

    /** No request is unsettled. */
    void idle() {
        silent = false;
    }

    /** The target has acknowledged or rejected a group. */
    void answered(long now) {
        lastError = null;
        silent = true;
        silentSince = now;
        failedProbes = 0;
        if (state != State.CLOSED) {
            close();
            listener.circuitClosed(missedItems, missedBytes);
        }
    }

    /**
     * A request has failed.
     *
     * @param isLocal whether it failed for a local reason
     */
    void failed(SlsException error, boolean isLocal, long now) {
        lastError = error;
        if (isLocal) {
            silent = false;
            if (state != State.CLOSED) {
                close();
                listener.circuitClosedForLocalFailure(missedItems, missedBytes, error);
            }
        } else if (state == State.CLOSED) {
            busy(now);
        }
    }

    /** The logstore does not exist at present, which is no outage: its items wait. */
    void absent(SlsException error) {
        lastError = error;
        silent = false;
        if (state != State.CLOSED) {
            close();
        }
    }

    private void close() {
        failedProbes = 0;
        state = State.CLOSED;
        metrics.circuit(false);
    }

    /** From now on no item waits for the probe; its answer still counts. */
    void probeIsLate() {
        if (state == State.PROBING) {
            state = State.PROBE_LATE;
        }
    }

    /** The probe has failed, or was never sent. */
    void probeFailed(long now) {
        state = State.OPEN;
        waitForProbe(now);
    }

    private void waitForProbe(long now) {
        failedProbes++;
        Duration pause = backoff.delay(failedProbes, random);
        probeAt = now + pause.toNanos();
        metrics.probesAfter(pause);
    }
}
