package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.metrics.Problem;
import io.slsdispatch.connector.metrics.Problem.Kind;
import io.slsdispatch.connector.metrics.ProblemTracker;
import io.slsdispatch.connector.metrics.SinkMetricNames;
import io.slsdispatch.connector.put.PutListener.Exhausted;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * Why a target, or its dead-letter logstore, accepts nothing at present: as a number for alerts, and as a text for
 * Flink's REST interface. Also whether it gets LZ4 because it does not accept zstd. Written on the task thread.
 */
@Internal
public final class TargetProblems {

    private final ProblemTracker target;
    private final ProblemTracker deadLetters;
    private volatile @Nullable Supplier<@Nullable Problem> others;
    private volatile int lz4InsteadOfZstd;
    private boolean out;
    private String lastError = "no response";

    /** @param clock of the times that are shown */
    public TargetProblems(InstantSource clock) {
        this.target = new ProblemTracker(clock);
        this.deadLetters = new ProblemTracker(clock);
    }

    void register(MetricGroup sls) {
        sls.gauge(SinkMetricNames.STATUS, (Gauge<Integer>) () -> {
            Problem shown = current();
            return shown == null ? 0 : shown.kind().status();
        });
        sls.gauge(SinkMetricNames.PROBLEM, (Gauge<String>) () -> {
            Problem shown = current();
            return shown == null ? "" : shown.text();
        });
        sls.gauge(SinkMetricNames.LZ4_INSTEAD_OF_ZSTD, (Gauge<Integer>) () -> lz4InsteadOfZstd);
    }

    /** Shows the problem of another part where there is none of the target. */
    void alsoShows(Supplier<@Nullable Problem> problem) {
        others = problem;
    }

    /** The problem of the target, otherwise that of its dead letters; null if there is none. Any thread. */
    public @Nullable Problem current() {
        Problem shown = target.current();
        Supplier<@Nullable Problem> supplier = others;
        if (shown == null && supplier != null) {
            shown = supplier.get();
        }
        return shown == null ? deadLetters.current() : shown;
    }

    /** A request to the target, or to its dead letters, has failed. */
    public void failed(SlsException error) {
        lastError = String.valueOf(error.getMessage());
    }

    /** The target will get a request again. */
    public void retries(Exhausted reason, SlsException error, Duration pause, @Nullable Duration left) {
        target.failed(kind(reason, error), String.valueOf(error.getMessage()), pause, left);
    }

    /** The dead-letter logstore will get a request again. */
    void retriesDeadLetters(Exhausted reason, SlsException error, Duration pause, @Nullable Duration left) {
        deadLetters.failed(kind(reason, error), String.valueOf(error.getMessage()), pause, left);
    }

    private static Kind kind(Exhausted reason, SlsException error) {
        if (error.kind() == ErrorKind.THROTTLED || error.kind() == ErrorKind.QUOTA_EXCEEDED) {
            return Kind.THROTTLED;
        }
        return switch (reason) {
            case RETRIES, UNCONFIRMED -> Kind.UNAVAILABLE;
            case DENIED -> Kind.DENIED;
            case BAD_REQUEST, UNKNOWN_CODE, TOO_LARGE -> Kind.REFUSED;
        };
    }

    /** The circuit is open, and the target will get a single request. */
    public void probesAfter(Duration pause) {
        out = true;
        target.failed(Kind.OUTAGE, lastError, pause, null);
    }

    /** The target accepts groups again. */
    public void isBack() {
        out = false;
        target.clear();
    }

    /** The target has accepted groups, or none is pending. */
    public void works() {
        if (!out) {
            target.works();
        }
    }

    void lz4InsteadOfZstd(boolean instead) {
        lz4InsteadOfZstd = instead ? 1 : 0;
    }

    void deadLettersWork() {
        deadLetters.works();
    }
}
