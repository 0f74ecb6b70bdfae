package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.model.RawLogGroup;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Times in which the target is out of order: when they begin and end, and where groups go meanwhile. Task thread only.
 */
final class Outages {

    private final SinkConfig config;
    private final TaskThread thread;
    private final SinkMetrics metrics;
    private final SinkWarnings warnings;
    private final Undelivered undelivered;
    private final Circuit circuit;

    private @Nullable SlsException lastError;
    private long spilledGroups;
    private long spilledBytes;

    Outages(SinkParts parts, Undelivered undelivered, Supplier<? extends RandomGenerator> random) {
        this.config = parts.config();
        this.thread = parts.thread();
        this.metrics = parts.metrics();
        this.warnings = parts.warnings();
        this.undelivered = undelivered;
        this.circuit = new Circuit(
                config.outage(), config.retry().backoff(), () -> random.get().nextLong());
    }

    /** Whether there is none now. */
    boolean isOver() {
        return circuit.isClosed();
    }

    /** Whether one begins now; the groups that wait are to be spilled then. */
    boolean begins() {
        long now = thread.now();
        if (!circuit.mustOpen(now)) {
            return false;
        }
        circuit.open(now);
        spilledGroups = 0;
        spilledBytes = 0;
        metrics.circuit(true);
        warnings.outageBegins(config.outage(), lastError);
        return true;
    }

    /** Takes a group that is not to wait for the target; false when it is to be sent, or to wait for a probe. */
    boolean passesBy(RawLogGroup group) {
        if (circuit.isClosed() || circuit.isProbing() || circuit.probes(thread.now())) {
            return false;
        }
        spill(group);
        return true;
    }

    /** Settles a group without its target. */
    void spill(RawLogGroup group) {
        spilledGroups++;
        spilledBytes += group.length();
        undelivered.spilled(group, reason());
    }

    private Reason reason() {
        String silence = "the target took nothing for "
                + SinkFailures.text(config.outage().after()) + " or longer";
        SlsException error = lastError;
        if (error == null) {
            return new Reason(Cause.OUTAGE, Requests.OVERDUE, -1, "", silence + ", and gave no answer");
        }
        return new Reason(
                Cause.OUTAGE,
                error.errorCode(),
                error.httpStatus(),
                error.requestId(),
                silence + "; its last answer: " + error.getMessage());
    }

    /** A request is under way. */
    void busy() {
        circuit.busy(thread.now());
    }

    /** No request is under way. */
    void idle() {
        circuit.idle();
    }

    /** The target has acknowledged something, or said that it never will. */
    void answered() {
        lastError = null;
        if (circuit.answered(thread.now())) {
            metrics.circuit(false);
            warnings.outageEnds(spilledGroups, spilledBytes);
        }
    }

    /** A request has failed. */
    void failed(SlsException error) {
        lastError = error;
    }

    /** Nothing waits any longer for what shows whether the target is back; its answer still counts. */
    void probeIsLate() {
        circuit.probeIsLate();
    }

    /** What shows whether the target is back has failed, or was never sent. */
    void probeFailed() {
        circuit.probeFailed(thread.now());
    }
}
