package io.slsdispatch.connector.metrics;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * What a reader shows of one shard. Each number has one writer: the task thread for what is emitted, the fetcher thread
 * for what is pulled. Reporters read.
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

    /** A group was emitted. */
    public void emitted(int length) {
        groups++;
        bytes += length;
    }

    /** Everything that the service received up to this moment is pulled. */
    public void pulledUpTo(long millis) {
        pulledUpToMillis = millis;
    }

    /** A pull was answered, after so long a time. */
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

    /** The shard is read to its end or was given away: it lags no more. */
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
