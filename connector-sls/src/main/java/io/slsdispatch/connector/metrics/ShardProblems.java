package io.slsdispatch.connector.metrics;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * Why shards of a reader cannot be read at present: their number, and the problem that has lasted longest. The fetcher
 * thread and the task thread write.
 */
@Internal
public final class ShardProblems {

    private final InstantSource clock;

    /** The shards that have failed since they were last known to be without a problem. */
    private final Map<Integer, ProblemTracker> failing = new ConcurrentHashMap<>();

    ShardProblems(InstantSource clock) {
        this.clock = clock;
    }

    void register(MetricGroup group) {
        group.gauge(SourceMetricNames.FAILING_SHARDS, (Gauge<Integer>) this::count);
        group.gauge(SourceMetricNames.PROBLEM, (Gauge<String>) this::text);
    }

    /**
     * A request for a shard has failed.
     *
     * @param pause until the next attempt
     * @param left until the job fails; null if it does not
     */
    public void failed(int shard, Problem.Kind kind, String message, Duration pause, @Nullable Duration left) {
        failing.computeIfAbsent(shard, id -> new ProblemTracker(clock)).failed(kind, message, pause, left);
    }

    /** A request for a shard was answered. */
    public void works(int shard) {
        ProblemTracker known = failing.get(shard);
        if (known != null) {
            known.works();
            if (known.current() == null) {
                failing.remove(shard);
            }
        }
    }

    /** The shard is no longer read. */
    public void ended(int shard) {
        failing.remove(shard);
    }

    private int count() {
        return (int) failing.values().stream()
                .filter(tracker -> tracker.current() != null)
                .count();
    }

    private String text() {
        return failing.values().stream()
                .map(ProblemTracker::current)
                .filter(Objects::nonNull)
                .min(Comparator.comparing(Problem::since))
                .map(Problem::text)
                .orElse("");
    }
}
