package io.slsdispatch.connector.metrics;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of one shard in a reader. Each value has one writer: the task thread for emitted groups, the fetcher thread
 * for pulls. Reporters read.
 */
@Internal
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer for each
public final class ShardMetrics {

    private final Clock clock;
    private volatile long groups;
    private volatile long bytes;
    private volatile long pulls;
    private volatile long pullNanos;
    private volatile long throttles;
    private volatile long errors;
    private volatile long pulledUpToMillis;
    private volatile boolean ended;
    private volatile @Nullable String stopCursor;

    ShardMetrics(Clock clock) {
        this.clock = clock;
        this.pulledUpToMillis = clock.millis();
    }

    void register(MetricGroup group) {
        group.gauge(SourceMetricNames.LAG_SECONDS, (Gauge<Long>) this::lagSeconds);
        group.gauge(SourceMetricNames.GROUPS, () -> groups);
        group.gauge(SourceMetricNames.BYTES, () -> bytes);
        group.gauge(SourceMetricNames.PULLS, () -> pulls);
        group.gauge(SourceMetricNames.PULL_MILLIS, () -> TimeUnit.NANOSECONDS.toMillis(pullNanos));
        group.gauge(SourceMetricNames.THROTTLES, () -> throttles);
        group.gauge(SourceMetricNames.ERRORS, () -> errors);
    }

    long lagSeconds() {
        return ended ? 0 : Math.max(0, TimeUnit.MILLISECONDS.toSeconds(clock.millis() - pulledUpToMillis));
    }

    /** Counts an emitted group. */
    public void emitted(int length) {
        groups++;
        bytes += length;
    }

    /** Records that all groups which the service received up to this time are pulled. */
    public void pulledUpTo(long millis) {
        pulledUpToMillis = millis;
    }

    /** Counts an answered pull and its duration. */
    public void pulled(long nanos) {
        pulls++;
        pullNanos += nanos;
    }

    public void throttled() {
        throttles++;
    }

    public void failed() {
        errors++;
    }

    /** Records the cursor at which a bounded run ends in this shard, as far as it is known. */
    public void stopsAt(String cursor) {
        stopCursor = cursor;
    }

    /** The cursor at which a bounded run ends in this shard; null if it is not known. */
    public @Nullable String stopCursor() {
        return stopCursor;
    }

    /** Records that the shard is read to the end or was given back, so that it has no lag any more. */
    public void ended() {
        ended = true;
    }

    boolean isOver() {
        return ended;
    }

    void begun(long receivedAtSeconds) {
        ended = false;
        pulledUpToMillis = receivedAtSeconds > 0 ? TimeUnit.SECONDS.toMillis(receivedAtSeconds) : clock.millis();
    }
}
