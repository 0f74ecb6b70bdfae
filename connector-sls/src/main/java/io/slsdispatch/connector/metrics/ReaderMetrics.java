package io.slsdispatch.connector.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/** Metrics of a reader and of each of its shards. */
@Internal
public final class ReaderMetrics {

    /** Flink reserves this name (FLIP-33) and registers nothing under it. */
    private static final String CURRENT_FETCH_EVENT_TIME_LAG = "currentFetchEventTimeLag";

    /**
     * Maximum number of shards with metrics of their own. Flink cannot unregister a metric before the task ends, so
     * years of splits would flood the reporters. Until the next restart, further shards count only in the totals of the
     * reader, and their maximum lag is shown as the lag of one shard.
     */
    private static final int MAX_SHARDS = 1024;

    /** Limits the number of error codes. Codes are external input: a proxy in between may return many. */
    private static final int MAX_CODES = 30;

    private static final String OTHER_CODE = "other";

    private final Clock clock;
    private final MetricGroup ours;

    /** Used by the fetcher thread. */
    private final Map<String, Counter> errors = new HashMap<>();

    private final Counter bytesIn;
    private final Map<Integer, ShardMetrics> shards = new ConcurrentHashMap<>();
    private final Map<Integer, ShardMetrics> further = new ConcurrentHashMap<>();
    private final ShardMetrics unshown;
    private final AtomicLong dataGaps = new AtomicLong();
    private final AtomicLong dataGapGroups = new AtomicLong();
    private final AtomicLong dataGapSeconds = new AtomicLong();
    private final AtomicLong cursorJumps = new AtomicLong();
    private final Set<Integer> endsInDoubt = ConcurrentHashMap.newKeySet();
    private final AtomicLong foreignCommits = new AtomicLong();
    private final AtomicLong expiredShards = new AtomicLong();
    private final AtomicLong groupCommitFailures = new AtomicLong();
    private final ShardProblems problems;
    private volatile long fetchLagMillis;
    private volatile int lz4InsteadOfZstd;

    /** Used by the fetcher thread. */
    private boolean hadLz4InsteadOfZstd;

    /** Used by the task thread. */
    private boolean showsFurther;

    /** Registers all metrics except those of shards, with the logstore's name as a label. */
    public ReaderMetrics(SourceReaderMetricGroup group, String logstore, Clock clock) {
        this.clock = clock;
        this.unshown = new ShardMetrics(clock);
        this.bytesIn = group.getIOMetricGroup().getNumBytesInCounter();
        this.ours = group.addGroup(SourceMetricNames.GROUP).addGroup(SourceMetricNames.LOGSTORE, logstore);
        group.gauge(CURRENT_FETCH_EVENT_TIME_LAG, (Gauge<Long>) () -> fetchLagMillis);
        ours.gauge(SourceMetricNames.DATA_GAPS, (Gauge<Long>) dataGaps::get);
        ours.gauge(SourceMetricNames.DATA_GAP_GROUPS, (Gauge<Long>) dataGapGroups::get);
        ours.gauge(SourceMetricNames.DATA_GAP_SECONDS, (Gauge<Long>) dataGapSeconds::get);
        ours.gauge(SourceMetricNames.CURSOR_JUMPS, (Gauge<Long>) cursorJumps::get);
        ours.gauge(SourceMetricNames.SHARD_ENDS_IN_DOUBT, (Gauge<Integer>) endsInDoubt::size);
        ours.gauge(SourceMetricNames.EXPIRED_SHARDS, (Gauge<Long>) expiredShards::get);
        ours.gauge(SourceMetricNames.FOREIGN_COMMITS, (Gauge<Long>) foreignCommits::get);
        ours.gauge(SourceMetricNames.LZ4_INSTEAD_OF_ZSTD, (Gauge<Integer>) () -> lz4InsteadOfZstd);
        ours.gauge(SourceMetricNames.GROUP_COMMIT_FAILURES, (Gauge<Long>) groupCommitFailures::get);
        this.problems = new ShardProblems(clock);
        problems.register(ours);
    }

    /** Why shards cannot be read at present. */
    public ShardProblems problems() {
        return problems;
    }

    /** Registers the number of bytes that the reader holds. */
    public void bufferedBytes(LongSupplier bytes) {
        ours.gauge(SourceMetricNames.BUFFERED_BYTES, (Gauge<Long>) bytes::getAsLong);
    }

    /** Registers the number of seconds by which the service's clock is ahead. */
    public void clockSkew(LongSupplier seconds) {
        ours.gauge(SourceMetricNames.CLOCK_SKEW_SECONDS, (Gauge<Long>) seconds::getAsLong);
    }

    /** Registers by how much requests are signed ahead of the local clock. */
    public void clockCorrection(Supplier<Duration> offset) {
        ours.gauge(SourceMetricNames.CLOCK_CORRECTION_SECONDS, (Gauge<Long>)
                () -> offset.get().toSeconds());
    }

    /** Registers the remaining life of the credentials. */
    public void credentialsExpiration(Supplier<Optional<Instant>> end) {
        ours.gauge(SourceMetricNames.CREDENTIALS_SECONDS_LEFT, new CredentialsTtlGauge(end, clock));
    }

    /** Registers the number of failed attempts to obtain credentials. */
    public void credentialsFailures(LongSupplier count) {
        ours.gauge(SourceMetricNames.CREDENTIALS_FAILURES, (Gauge<Long>) count::getAsLong);
    }

    /** Counts a request that the service refused with this code or did not answer. Fetcher thread. */
    public void refused(String code) {
        String label = errors.containsKey(code) || errors.size() < MAX_CODES ? code : OTHER_CODE;
        errors.computeIfAbsent(label, known -> ours.addGroup(SourceMetricNames.CODE, known)
                        .counter(SourceMetricNames.ERRORS))
                .inc();
    }

    /**
     * Creates the metrics of a shard, or returns the existing ones. Task thread.
     *
     * @param receivedAtSeconds the receive time up to which the shard was read before, unix seconds; 0 if not known
     */
    public ShardMetrics begin(int shard, long receivedAtSeconds) {
        ShardMetrics metrics = shards.get(shard);
        if (metrics == null) {
            metrics = shards.size() < MAX_SHARDS ? shown(shard) : further(shard);
        }
        metrics.begun(receivedAtSeconds);
        return metrics;
    }

    private ShardMetrics shown(int shard) {
        ShardMetrics metrics = new ShardMetrics(clock);
        shards.put(shard, metrics);
        metrics.register(ours.addGroup(SourceMetricNames.SHARD, Integer.toString(shard)));
        return metrics;
    }

    private ShardMetrics further(int shard) {
        if (!showsFurther) {
            showsFurther = true;
            ours.addGroup(SourceMetricNames.SHARD, SourceMetricNames.FURTHER_SHARDS)
                    .gauge(SourceMetricNames.LAG_SECONDS, (Gauge<Long>) this::longestFurtherLag);
        }
        further.values().removeIf(ShardMetrics::isOver);
        return further.computeIfAbsent(shard, known -> new ShardMetrics(clock));
    }

    private long longestFurtherLag() {
        return further.values().stream()
                .mapToLong(ShardMetrics::lagSeconds)
                .max()
                .orElse(0);
    }

    /** Returns the metrics of a shard that {@link #begin} was called for. Any thread. */
    public ShardMetrics of(int shard) {
        ShardMetrics shown = shards.get(shard);
        return shown == null ? further.getOrDefault(shard, unshown) : shown;
    }

    /** Counts an emitted group. Task thread. */
    public void emitted(int length) {
        bytesIn.inc(length);
    }

    /** Records a pulled batch, with the receive time of its last group, unix seconds. */
    public void fetched(long receivedAtSeconds) {
        fetchLagMillis = Math.max(0, clock.millis() - receivedAtSeconds * 1000);
    }

    /**
     * Counts groups that were skipped unread.
     *
     * @param groups the number of groups, 0 if not known
     * @param seconds the time that the gap spans, 0 if not known
     */
    public void dataGap(long groups, long seconds) {
        dataGaps.incrementAndGet();
        dataGapGroups.addAndGet(groups);
        dataGapSeconds.addAndGet(seconds);
    }

    /** Counts a range of numbers in the cursors of a shard that no group has. */
    public void cursorJump() {
        cursorJumps.incrementAndGet();
    }

    /** Sets whether the end of a shard, or of a run in it, has contradicted the pulls for a long time. */
    public void endInDoubt(int shard, boolean inDoubt) {
        if (inDoubt) {
            endsInDoubt.add(shard);
        } else {
            endsInDoubt.remove(shard);
        }
    }

    /** Counts a shard that disappeared before it was read to the end. */
    public void shardExpired() {
        expiredShards.incrementAndGet();
    }

    /** Counts shards for which the consumer group contains a cursor that another consumer committed. */
    public void foreignCommits(int shards) {
        foreignCommits.addAndGet(shards);
    }

    /**
     * Sets whether pulls request LZ4 because the service does not send zstd. Fetcher thread.
     *
     * @return whether it is the first time that they do
     */
    public boolean lz4InsteadOfZstd(boolean instead) {
        lz4InsteadOfZstd = instead ? 1 : 0;
        boolean isFirst = instead && !hadLz4InsteadOfZstd;
        hadLz4InsteadOfZstd |= instead;
        return isFirst;
    }

    /** Counts a failed commit to the consumer group. */
    public void groupCommitFailed() {
        groupCommitFailures.incrementAndGet();
    }
}
