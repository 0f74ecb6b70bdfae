package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.metrics.DynamicSinkMetricNames;
import io.slsdispatch.connector.metrics.Problem;
import io.slsdispatch.connector.metrics.Problem.Kind;
import io.slsdispatch.connector.metrics.ProblemTracker;
import io.slsdispatch.connector.sink.SinkMetrics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a writer of many logstores; {@link DynamicSinkMetricNames} describes each of them. The metrics that a
 * sink of one logstore has are the sums of all logstores here. Besides, the first {@link #MOST_SERIES} logstores have
 * series of their own, and the others share one. All writes are on the task thread; other threads read the gauges.
 */
final class DynamicMetrics {

    /** Names come from outside: the number of series must not grow with them. */
    static final int MOST_SERIES = 100;

    /** No logstore can have such a name. */
    static final String OTHERS = "_others_";

    static final String NONE = "_none_";
    static final String SECOND_WAY = "_second_way_";

    /** The series of one logstore, or of several. */
    static final class Series {

        final Counter groups;
        final Counter bytes;
        final Counter errors;
        final Counter deadLettered;
        final Counter dropped;
        private int openCircuits;
        private volatile int shownCircuits;

        Series(MetricGroup group) {
            groups = group.counter(DynamicSinkMetricNames.GROUPS);
            bytes = group.counter(DynamicSinkMetricNames.BYTES);
            errors = group.counter(DynamicSinkMetricNames.ERRORS);
            deadLettered = group.counter(DynamicSinkMetricNames.DEAD_LETTERED);
            dropped = group.counter(DynamicSinkMetricNames.DROPPED);
            group.gauge(DynamicSinkMetricNames.CIRCUIT_OPEN, () -> shownCircuits);
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // only the task thread writes it
        void circuit(int change) {
            openCircuits += change;
            shownCircuits = openCircuits;
        }
    }

    private final SinkMetrics total;
    private final MetricGroup sls;
    private final int maxLogstores;
    private final Map<String, Series> series = new HashMap<>();
    private final ProblemTracker directory = new ProblemTracker(InstantSource.system());
    private final Counter lookUps;
    private final Counter createCalls;
    private final Counter created;
    private final Counter createFailures;
    private final Counter createRefused;
    private final Counter deleted;
    private final Counter absentGroups;
    private final Counter invalidGroups;
    private volatile int logstores = -1;
    private volatile int open;
    private volatile int waiting;
    private volatile int away;
    private volatile @Nullable Problem worst;
    private int openCircuits;
    private int limited;
    private int withLz4;
    private int requests;

    DynamicMetrics(SinkMetrics total, int maxLogstores) {
        this.total = total;
        this.sls = total.group();
        this.maxLogstores = maxLogstores;
        lookUps = sls.counter(DynamicSinkMetricNames.LOGSTORE_LISTINGS);
        createCalls = sls.counter(DynamicSinkMetricNames.CREATE_CALLS);
        created = sls.counter(DynamicSinkMetricNames.CREATED);
        createFailures = sls.counter(DynamicSinkMetricNames.CREATE_FAILURES);
        createRefused = sls.counter(DynamicSinkMetricNames.CREATE_REFUSED);
        deleted = sls.counter(DynamicSinkMetricNames.DELETED);
        absentGroups = sls.counter(DynamicSinkMetricNames.ABSENT_GROUPS);
        invalidGroups = sls.counter(DynamicSinkMetricNames.INVALID_GROUPS);
        sls.gauge(DynamicSinkMetricNames.LOGSTORES, () -> logstores);
        sls.gauge(DynamicSinkMetricNames.MAX_LOGSTORES, () -> this.maxLogstores);
        sls.gauge(DynamicSinkMetricNames.OPEN, () -> open);
        sls.gauge(DynamicSinkMetricNames.WAITING, () -> waiting);
        sls.gauge(DynamicSinkMetricNames.AWAY, () -> away);
        total.alsoShows(this::problem);
    }

    /** The sums of all logstores. */
    SinkMetrics total() {
        return total;
    }

    /**
     * The series of a logstore: its own if it is among the first by name of those that exist, so that the writers of a
     * job agree as far as they know the same logstores; otherwise the series of the others.
     *
     * @param existing the names of the logstores that exist
     */
    Series series(String name, Set<String> existing) {
        Series own = series.get(name);
        if (own != null) {
            return own;
        }
        long before =
                existing.stream().filter(other -> other.compareTo(name) < 0).count();
        boolean isFirst = before < MOST_SERIES && series.size() < MOST_SERIES;
        return fixed(isFirst ? name : OTHERS);
    }

    /** A series that is not that of a logstore. */
    Series fixed(String label) {
        return series.computeIfAbsent(label, key -> new Series(sls.addGroup(DynamicSinkMetricNames.LOGSTORE, key)));
    }

    /** How many circuits are open has changed. */
    void circuit(boolean isOpen) {
        openCircuits += isOpen ? 1 : -1;
        total.circuit(isOpen);
        total.openCircuits(openCircuits);
    }

    /** How many logstores get LZ4 instead of zstd has changed. */
    void lz4InsteadOfZstd(boolean instead) {
        withLz4 += instead ? 1 : -1;
        total.lz4InsteadOfZstd(withLz4 > 0);
    }

    /** How many logstores limit the rate has changed. */
    void rateLimited(boolean waits, long now) {
        limited += waits ? 1 : -1;
        total.rateLimited(limited > 0, now);
    }

    /** How many requests are pending has changed. */
    void requests(int change) {
        requests += change;
    }

    /** The load of all logstores together. */
    void holds(long bytes, long limit) {
        total.holds(bytes, requests, limit);
    }

    /** The present state of the logstores. */
    void show(int openLogstores, int waitingLogstores, int awayLogstores, @Nullable Problem worstProblem) {
        open = openLogstores;
        waiting = waitingLogstores;
        away = awayLogstores;
        worst = worstProblem;
    }

    /** The oldest pending request of all logstores; null for none. */
    void oldest(@Nullable Long since) {
        if (since == null) {
            total.nothingSent();
        } else {
            total.oldestSince(since);
        }
    }

    void listed(int count, int calls) {
        logstores = count;
        lookUps.inc(calls);
        directory.works();
    }

    void listingFailed(SlsException error) {
        lookUps.inc();
        problem(error);
    }

    void createCalled() {
        createCalls.inc();
    }

    void created() {
        created.inc();
        directory.clear();
    }

    void createFailed(SlsException error) {
        createFailures.inc();
        problem(error);
    }

    void createRefused(SlsException error) {
        createRefused.inc();
        problem(error);
    }

    private void problem(SlsException error) {
        Kind kind =
                switch (error.kind()) {
                    case THROTTLED, QUOTA_EXCEEDED -> Kind.THROTTLED;
                    case UNAVAILABLE -> Kind.UNAVAILABLE;
                    case UNAUTHORIZED, NOT_FOUND -> Kind.DENIED;
                    default -> Kind.REFUSED;
                };
        directory.failed(kind, String.valueOf(error.getMessage()), null, null);
    }

    void deleted() {
        deleted.inc();
    }

    /** A group did not reach its logstore, which is absent. */
    void absent() {
        absentGroups.inc();
    }

    /** A group has no logstore. */
    void invalid() {
        invalidGroups.inc();
    }

    private @Nullable Problem problem() {
        Problem shown = worst;
        return shown == null ? directory.current() : shown;
    }
}
