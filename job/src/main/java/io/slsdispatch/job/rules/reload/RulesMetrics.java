package io.slsdispatch.job.rules.reload;

import io.slsdispatch.connector.metrics.Problem;
import io.slsdispatch.connector.metrics.ProblemTracker;
import java.time.InstantSource;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;

/**
 * Metrics of the reloading of rules, in the JobManager. Each counter is written by one thread, except that of failures.
 */
final class RulesMetrics {

    private final Counter reloads;
    private final Counter refusals;
    private final Counter pollFailures;
    private final Counter withdrawals;
    private volatile long activeVersion;
    private volatile boolean lastRefused;
    private volatile boolean waiting;
    private final ProblemTracker problem = new ProblemTracker(InstantSource.system());

    RulesMetrics(MetricGroup coordinator) {
        MetricGroup sls = coordinator.addGroup("sls");
        reloads = sls.counter("rulesReloads");
        refusals = sls.counter("rulesRefusals");
        pollFailures = sls.counter("rulesPollFailures", new ThreadSafeSimpleCounter());
        withdrawals = sls.counter("rulesWithdrawals");
        sls.gauge("rulesVersion", () -> activeVersion);
        sls.gauge("rulesRefused", () -> lastRefused ? 1 : 0);
        sls.gauge("rulesWaiting", () -> waiting ? 1 : 0);
        sls.gauge("rulesProblem", problem::text);
    }

    /** All subtasks use this version. */
    void activeVersion(long version) {
        activeVersion = version;
    }

    /** Sets whether valid rules are not active yet. */
    void waiting(boolean isSo) {
        waiting = isSo;
    }

    void reloaded() {
        reloads.inc();
    }

    /** The checkpoint of a proposal was aborted. */
    void withdrawn() {
        withdrawals.inc();
    }

    /** New rules were found and refused. */
    void refused(String reason) {
        refusals.inc();
        lastRefused = true;
        problem.failed(Problem.Kind.REFUSED, reason, null, null);
    }

    /** The rules that were found last are valid. */
    void accepted() {
        lastRefused = false;
        problem.clear();
    }

    /** The rules could not be read or proposed. May be called from any thread. */
    void pollFailed() {
        pollFailures.inc();
    }

    /** The rules could not be read, for this reason. */
    void pollFailed(String reason) {
        pollFailures.inc();
        if (!lastRefused) {
            problem.failed(Problem.Kind.UNAVAILABLE, reason, null, null);
        }
    }
}
