package io.slsdispatch.connector.metrics;

import java.time.Clock;
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

/** What a reader shows, and where it shows what it knows of each shard. */
@Internal
public final class ReaderMetrics {

    /** Flink reserves this name (FLIP-33) and registers nothing under it. */
    private static final String CURRENT_FETCH_EVENT_TIME_LAG = "currentFetchEventTimeLag";

    /**
     * How many shards get numbers of their own. Flink has no way to take a metric back before the task ends, so years of
     * splits would fill the reporters; further shards count in the reader's totals only, until the next restart, and the
     * longest lag among them is shown as that of one.
     */
    private static final int MAX_SHARDS = 1024;

    /** Codes come from outside: something between here and the service may have many. */
    private static final int MAX_CODES = 30;

    private static final String OTHER_CODE = "other";

    private final Clock clock;
    private final MetricGroup ours;

    /** Fetcher thread. */
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
    private volatile long fetchLagMillis;

    /** Task thread. */
    private boolean showsFurther;

    /** Registers everything but the shards, with the logstore's name as a label. */
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
        ours.gauge(SourceMetricNames.GROUP_COMMIT_FAILURES, (Gauge<Long>) groupCommitFailures::get);
    }

    /** Shows how many bytes the reader holds. */
    public void bufferedBytes(LongSupplier bytes) {
        ours.gauge(SourceMetricNames.BUFFERED_BYTES, (Gauge<Long>) bytes::getAsLong);
    }

    /** Shows by how many seconds the service's clock is ahead. */
    public void clockSkew(LongSupplier seconds) {
        ours.gauge(SourceMetricNames.CLOCK_SKEW_SECONDS, (Gauge<Long>) seconds::getAsLong);
    }

    /** Shows for how long the credentials still work. */
    public void credentialsExpiration(Supplier<Optional<Instant>> end) {
        ours.gauge(SourceMetricNames.CREDENTIALS_SECONDS_LEFT, new CredentialsTtlGauge(end, clock));
    }

    /** Shows how often credentials could not be had. */
    public void credentialsFailures(LongSupplier count) {
        ours.gauge(SourceMetricNames.CREDENTIALS_FAILURES, (Gauge<Long>) count::getAsLong);
    }

    /** The service refused a request with this code, or did not answer. Fetcher thread. */
    public void refused(String code) {
        String label = errors.containsKey(code) || errors.size() < MAX_CODES ? code : OTHER_CODE;
        errors.computeIfAbsent(label, known -> ours.addGroup(SourceMetricNames.CODE, known)
                        .counter(SourceMetricNames.ERRORS))
                .inc();
    }

    /**
     * Begins the numbers of a shard, or goes on with them. Task thread.
     *
     * @param receivedAtSeconds up to when it was read before, unix seconds, 0 when not known
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

    /** The numbers of a shard that was begun. Any thread. */
    public ShardMetrics of(int shard) {
        ShardMetrics shown = shards.get(shard);
        return shown == null ? further.getOrDefault(shard, unshown) : shown;
    }

    /** A group was emitted. Task thread. */
    public void emitted(int length) {
        bytesIn.inc(length);
    }

    /** A batch came, of which the service received the last group at this time, unix seconds. */
    public void fetched(long receivedAtSeconds) {
        fetchLagMillis = Math.max(0, clock.millis() - receivedAtSeconds * 1000);
    }

    /**
     * Groups were passed over unread.
     *
     * @param groups how many, 0 when not known
     * @param seconds of how long a time, 0 when not known
     */
    public void dataGap(long groups, long seconds) {
        dataGaps.incrementAndGet();
        dataGapGroups.addAndGet(groups);
        dataGapSeconds.addAndGet(seconds);
    }

    /** The numbers in the cursors of a shard jumped over some that no group has. */
    public void cursorJump() {
        cursorJumps.incrementAndGet();
    }

    /** Whether the end of a shard, or of a run in it, does not fit what pulls bring for long. */
    public void endInDoubt(int shard, boolean inDoubt) {
        if (inDoubt) {
            endsInDoubt.add(shard);
        } else {
            endsInDoubt.remove(shard);
        }
    }

    /** A shard was gone before it was read to its end. */
    public void shardExpired() {
        expiredShards.incrementAndGet();
    }

    /** The consumer group holds for so many shards what somebody else committed. */
    public void foreignCommits(int shards) {
        foreignCommits.addAndGet(shards);
    }

    /** A commit to the consumer group failed. */
    public void groupCommitFailed() {
        groupCommitFailures.incrementAndGet();
    }
}
