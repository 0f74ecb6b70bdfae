package io.slsdispatch.job.dispatch;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What the JobManager tells of the reloading of rules. Counters are written by one thread each. */
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
        pollFailures = sls.counter("rulesPollFailures");
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

    void pollFailed() {
        pollFailures.inc();
    }
}
