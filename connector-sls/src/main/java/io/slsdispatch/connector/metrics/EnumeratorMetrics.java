package io.slsdispatch.connector.metrics;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/** Metrics of the enumerator. Written by the coordinator thread, read by reporters. */
@Internal
public final class EnumeratorMetrics {

    private final LongSupplier nanoTime;
    private final MetricGroup ours;
    private volatile int activeShards;
    private volatile int waitingShards;
    private volatile int finishedShards;
    private volatile long lastDiscovery;
    private volatile long discoveryFailures;
    private volatile long dataGaps;
    private volatile long expiredShards;
    private volatile int groupCommitDisabled;
    private volatile long startGroupCommits;
    private volatile int startGroupMissing;
    private volatile long retentionSeconds;
    private volatile double runPercent = -1;
    private volatile long runSecondsLeft = -1;
    private final ProblemTracker problem = new ProblemTracker(InstantSource.system());

    /** Registers all metrics, with the logstore's name as a label. */
    public EnumeratorMetrics(SplitEnumeratorMetricGroup group, String logstore, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastDiscovery = nanoTime.getAsLong();
        group.setUnassignedSplitsGauge(() -> (long) waitingShards);
        ours = group.addGroup(SourceMetricNames.GROUP).addGroup(SourceMetricNames.LOGSTORE, logstore);
        ours.gauge(SourceMetricNames.ACTIVE_SHARDS, () -> activeShards);
        ours.gauge(SourceMetricNames.WAITING_SHARDS, () -> waitingShards);
        ours.gauge(SourceMetricNames.FINISHED_SHARDS, () -> finishedShards);
        ours.gauge(SourceMetricNames.SECONDS_SINCE_LAST_DISCOVERY, (Gauge<Long>) this::secondsSinceLastDiscovery);
        ours.gauge(SourceMetricNames.DISCOVERY_FAILURES, () -> discoveryFailures);
        ours.gauge(SourceMetricNames.DATA_GAPS, () -> dataGaps);
        ours.gauge(SourceMetricNames.EXPIRED_SHARDS, () -> expiredShards);
        ours.gauge(SourceMetricNames.GROUP_COMMIT_DISABLED, () -> groupCommitDisabled);
        ours.gauge(SourceMetricNames.START_GROUP_COMMITS, () -> startGroupCommits);
        ours.gauge(SourceMetricNames.START_GROUP_MISSING, () -> startGroupMissing);
        ours.gauge(SourceMetricNames.RETENTION_SECONDS, () -> retentionSeconds);
        ours.gauge(SourceMetricNames.PROBLEM, (Gauge<String>) problem::text);
        ours.gauge(SourceMetricNames.RUN_PERCENT, () -> runPercent);
        ours.gauge(SourceMetricNames.RUN_SECONDS_LEFT, () -> runSecondsLeft);
    }

    /** Registers by how much requests are signed ahead of the local clock. */
    public void clockCorrection(Supplier<Duration> offset) {
        ours.gauge(SourceMetricNames.CLOCK_CORRECTION_SECONDS, (Gauge<Long>)
                () -> offset.get().toSeconds());
    }

    private long secondsSinceLastDiscovery() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - lastDiscovery);
    }

    /** Sets the number of assigned, waiting and finished shards. */
    public void shards(int active, int waiting, int finished) {
        activeShards = active;
        waitingShards = waiting;
        finishedShards = finished;
    }

    public void discovered() {
        lastDiscovery = nanoTime.getAsLong();
        problem.works();
    }

    /** Why shards cannot be listed or looked up at present. */
    public ProblemTracker problem() {
        return problem;
    }

    /**
     * Sets the progress of a bounded run.
     *
     * @param secondsLeft -1 if it is not known
     */
    public void run(double percent, long secondsLeft) {
        runPercent = percent;
        runSecondsLeft = secondsLeft;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void discoveryFailed() {
        discoveryFailures++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void dataGap() {
        dataGaps++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void shardExpired() {
        expiredShards++;
    }

    /** Counts shards whose cursor another consumer moved in the consumer group that the job took its start from. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void startGroupCommits(int shards) {
        startGroupCommits += shards;
    }

    /** Sets whether the consumer group that the job starts from did not exist. */
    public void startGroupMissing(boolean missing) {
        startGroupMissing = missing ? 1 : 0;
    }

    /** Sets the retention of the logstore; 0 means that it keeps groups forever. */
    public void retention(Duration kept) {
        retentionSeconds = kept.toSeconds();
    }

    /** Sets whether the consumer group could not be created, so that no progress is committed. */
    public void groupCommitDisabled(boolean disabled) {
        groupCommitDisabled = disabled ? 1 : 0;
    }
}
