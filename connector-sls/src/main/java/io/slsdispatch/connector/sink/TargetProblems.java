package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.metrics.Problem.Kind;
import io.slsdispatch.connector.metrics.ProblemTracker;
import io.slsdispatch.connector.metrics.SinkMetricNames;
import io.slsdispatch.connector.put.PutListener.Exhausted;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * Why a target, or its dead-letter logstore, accepts nothing at present: as a number for alerts, and as a text for
 * Flink's REST interface. Written on the task thread.
 */
final class TargetProblems {

    private final ProblemTracker target;
    private final ProblemTracker deadLetters;
    private boolean out;
    private String lastError = "no response";

    TargetProblems(InstantSource clock) {
        this.target = new ProblemTracker(clock);
        this.deadLetters = new ProblemTracker(clock);
    }

    void register(MetricGroup sls) {
        sls.gauge(SinkMetricNames.STATUS, (Gauge<Integer>) () -> shown().status());
        sls.gauge(SinkMetricNames.PROBLEM, (Gauge<String>) () -> shown().text());
    }

    private ProblemTracker shown() {
        return target.current() == null ? deadLetters : target;
    }

    /** A request to the target, or to its dead letters, has failed. */
    void failed(SlsException error) {
        lastError = String.valueOf(error.getMessage());
    }

    /** The target will get a request again. */
    void retries(Exhausted reason, SlsException error, Duration pause, @Nullable Duration left) {
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
    void probesAfter(Duration pause) {
        out = true;
        target.failed(Kind.OUTAGE, lastError, pause, null);
    }

    /** The target accepts groups again. */
    void isBack() {
        out = false;
        target.clear();
    }

    /** The target has accepted groups, or none is pending. */
    void works() {
        if (!out) {
            target.works();
        }
    }

    void deadLettersWork() {
        deadLetters.works();
    }
}
