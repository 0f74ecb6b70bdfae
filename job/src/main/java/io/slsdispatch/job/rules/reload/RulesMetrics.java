package io.slsdispatch.job.rules.reload;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;

/** What the JobManager tells of the reloading of rules. Counters are written by one thread each, but that of failures. */
final class RulesMetrics {

    private final Counter reloads;
    private final Counter refusals;
    private final Counter pollFailures;
    private volatile long activeVersion;
    private volatile boolean lastRefused;
    private volatile boolean waiting;

    RulesMetrics(MetricGroup coordinator) {
        MetricGroup sls = coordinator.addGroup("sls");
        reloads = sls.counter("rulesReloads");
        refusals = sls.counter("rulesRefusals");
        pollFailures = sls.counter("rulesPollFailures", new ThreadSafeSimpleCounter());
        sls.gauge("rulesVersion", () -> activeVersion);
        sls.gauge("rulesRefused", () -> lastRefused ? 1 : 0);
        sls.gauge("rulesWaiting", () -> waiting ? 1 : 0);
    }

    /** All subtasks go by this version. */
    void activeVersion(long version) {
        activeVersion = version;
    }

    /** Whether rules that can be used do not hold yet. */
    void waiting(boolean isSo) {
        waiting = isSo;
    }

    void reloaded() {
        reloads.inc();
    }

    /** New rules were found, and refused. */
    void refused() {
        refusals.inc();
        lastRefused = true;
    }

    /** What was found last can be used. */
    void accepted() {
        lastRefused = false;
    }

    /** The rules could not be read, or not be proposed. Any thread. */
    void pollFailed() {
        pollFailures.inc();
    }
}
