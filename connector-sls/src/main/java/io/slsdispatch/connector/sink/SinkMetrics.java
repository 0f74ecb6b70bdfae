package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.metrics.CredentialsTtlGauge;
import io.slsdispatch.connector.metrics.Problem;
import io.slsdispatch.connector.metrics.SinkMetricNames;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.PutErrors;
import io.slsdispatch.connector.put.PutListener.Exhausted;
import io.slsdispatch.connector.put.PutMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a writer; {@link SinkMetricNames} describes each of them. All writes are on the task thread; other
 * threads read the gauges.
 *
 * <p>{@code numRecordsSend} and {@code numBytesSend} count what the target has acknowledged, {@code
 * numRecordsSendErrors} what it has rejected.
 */
@Internal
public final class SinkMetrics implements TargetMetrics {

    /** Codes come from outside: a proxy may send thousands of different codes. */
    private static final int MOST_CODES = 30;

    private static final String OTHER_CODE = "other";

    private final MetricGroup sls;
    private final Counter recordsSend;
    private final Counter bytesSend;
    private final Counter recordsSendErrors;
    private final Counter requests;
    private final Counter retries;
    private final Counter localFailures;
    private final Counter throttledPuts;
    private final Counter repeatsRefused;
    private final Counter splitGroups;
    private final Counter splitParts;
    private final Counter deadLettered;
    private final Counter deadLetteredBytes;
    private final Counter deadLetterRequests;
    private final Counter deadLettersRefused;
    private final Counter dropped;
    private final Counter droppedBytes;
    private final Counter circuitOpenings;
    private final Counter spilledGroups;
    private final Counter spilledBytes;
    private final Counter batchFallback;
    private final Counter recompressedGroups;
    private final Map<String, Counter> errors = new HashMap<>();
    private final TargetProblems problems = new TargetProblems(InstantSource.system());

    private final Stopwatch blocked;
    private final Stopwatch throttled;
    private final Stopwatch flush;

    private volatile long sendTimeMillis;
    private volatile long inFlightBytes;
    private volatile long inFlightLimit;
    private volatile int inFlightRequests;
    private volatile int circuitOpen;
    private volatile long imbalance;
    private final Stopwatch oldest;
    private long taken;

    /** Registers the metrics in the metric group of a writer. */
    public SinkMetrics(SinkWriterMetricGroup group, LongSupplier nanoClock) {
        blocked = new Stopwatch(nanoClock);
        throttled = new Stopwatch(nanoClock);
        flush = new Stopwatch(nanoClock);
        oldest = new Stopwatch(nanoClock);
        recordsSend = group.getNumRecordsSendCounter();
        bytesSend = group.getNumBytesSendCounter();
        recordsSendErrors = group.getNumRecordsSendErrorsCounter();
        group.setCurrentSendTimeGauge(() -> sendTimeMillis);
        sls = group.addGroup(SinkMetricNames.GROUP);
        requests = sls.counter(SinkMetricNames.REQUESTS);
        retries = sls.counter(SinkMetricNames.RETRIES);
        localFailures = sls.counter(SinkMetricNames.LOCAL_FAILURES);
        throttledPuts = sls.counter(SinkMetricNames.THROTTLED_PUTS);
        repeatsRefused = sls.counter(SinkMetricNames.REPEATS_REFUSED);
        splitGroups = sls.counter(SinkMetricNames.SPLIT_GROUPS);
        splitParts = sls.counter(SinkMetricNames.SPLIT_PARTS);
        deadLettered = sls.counter(SinkMetricNames.DEAD_LETTERED);
        deadLetteredBytes = sls.counter(SinkMetricNames.DEAD_LETTERED_BYTES);
        deadLetterRequests = sls.counter(SinkMetricNames.DEAD_LETTER_REQUESTS);
        deadLettersRefused = sls.counter(SinkMetricNames.DEAD_LETTERS_REFUSED);
        dropped = sls.counter(SinkMetricNames.DROPPED);
        droppedBytes = sls.counter(SinkMetricNames.DROPPED_BYTES);
        circuitOpenings = sls.counter(SinkMetricNames.CIRCUIT_OPENINGS);
        spilledGroups = sls.counter(SinkMetricNames.SPILLED_GROUPS);
        spilledBytes = sls.counter(SinkMetricNames.SPILLED_BYTES);
        batchFallback = sls.counter(SinkMetricNames.BATCH_FALLBACK);
        recompressedGroups = sls.counter(SinkMetricNames.RECOMPRESSED_GROUPS);
        sls.gauge(SinkMetricNames.IN_FLIGHT_BYTES, () -> inFlightBytes);
        sls.gauge(SinkMetricNames.IN_FLIGHT_LIMIT_BYTES, () -> inFlightLimit);
        sls.gauge(SinkMetricNames.IN_FLIGHT_REQUESTS, () -> inFlightRequests);
        sls.gauge(SinkMetricNames.CIRCUIT_OPEN, () -> circuitOpen);
        sls.gauge(SinkMetricNames.OLDEST_IN_FLIGHT_MILLIS, oldest::millis);
        sls.gauge(SinkMetricNames.BLOCKED_MILLIS, blocked::millis);
        sls.gauge(SinkMetricNames.THROTTLED_MILLIS, throttled::millis);
        sls.gauge(SinkMetricNames.FLUSH_MILLIS, flush::millis);
        sls.gauge(SinkMetricNames.SINK_IMBALANCE, () -> imbalance);
        sls.meter(SinkMetricNames.BYTES_PER_SECOND, new MeterView(bytesSend));
        problems.register(sls);
    }

    /** Registers the gauge of the time until the credentials expire. */
    public void credentialsExpiration(Supplier<Optional<Instant>> end, InstantSource clock) {
        sls.gauge(SinkMetricNames.CREDENTIALS_SECONDS_LEFT, new CredentialsTtlGauge(end, clock));
    }

    /** Registers the gauge of how much requests are signed ahead of the local clock. */
    public void clockCorrection(Supplier<Duration> offset) {
        sls.gauge(SinkMetricNames.CLOCK_CORRECTION_SECONDS, () -> offset.get().toSeconds());
    }

    /** Registers the gauge of failed attempts to get credentials. */
    public void credentialsFailures(LongSupplier count) {
        sls.gauge(SinkMetricNames.CREDENTIALS_FAILURES, count::getAsLong);
    }

    @Override
    public PutMetrics ofDeadLetters() {
        return new PutMetrics() {
            @Override
            public void requestSent(boolean retry) {
                deadLetterRequests.inc();
            }

            @Override
            public void failed(SlsException error) {
                SinkMetrics.this.failed(error);
            }

            @Override
            public void retries(Exhausted reason, SlsException error, Duration pause, @Nullable Duration left) {
                problems.retriesDeadLetters(reason, error, pause, left);
            }

            @Override
            public void acknowledged(int items, long bytes, long nanos) {
                problems.deadLettersWork();
            }
        };
    }

    @Override
    public void requestSent(boolean retry) {
        requests.inc();
        if (retry) {
            retries.inc();
        }
    }

    @Override
    public void failed(SlsException error) {
        problems.failed(error);
        if (error.kind() == ErrorKind.SEQUENCE_REPEATED) {
            repeatsRefused.inc();
        }
        if (PutErrors.isLocal(error)) {
            localFailures.inc();
        }
        String code = error.errorCode().isEmpty() ? OTHER_CODE : error.errorCode();
        String label = errors.containsKey(code) || errors.size() < MOST_CODES ? code : OTHER_CODE;
        errors.computeIfAbsent(
                        label, key -> sls.addGroup(SinkMetricNames.CODE, key).counter(SinkMetricNames.ERRORS))
                .inc();
    }

    @Override
    public void retries(Exhausted reason, SlsException error, Duration pause, @Nullable Duration left) {
        problems.retries(reason, error, pause, left);
    }

    @Override
    public void probesAfter(Duration pause) {
        problems.probesAfter(pause);
    }

    @Override
    public void throttled() {
        throttledPuts.inc();
    }

    @Override
    public void rateLimited(boolean waits, long now) {
        if (waits) {
            throttled.start(now);
        } else {
            throttled.stop(now);
        }
    }

    @Override
    public void acknowledged(int groups, long bytes, long nanos) {
        recordsSend.inc(groups);
        bytesSend.inc(bytes);
        sendTimeMillis = TimeUnit.NANOSECONDS.toMillis(nanos);
        problems.works();
    }

    @Override
    public long rejected() {
        recordsSendErrors.inc();
        return recordsSendErrors.getCount();
    }

    @Override
    public void split(int parts) {
        splitGroups.inc();
        splitParts.inc(parts);
    }

    @Override
    public void deadLettered(RawLogGroup group) {
        deadLettered.inc();
        deadLetteredBytes.inc(group.length());
    }

    @Override
    public long deadLetterRefused() {
        deadLettersRefused.inc();
        return deadLettersRefused.getCount();
    }

    @Override
    public void dropped(RawLogGroup group) {
        dropped.inc();
        droppedBytes.inc(group.length());
    }

    @Override
    public void spilled(RawLogGroup group) {
        spilledGroups.inc();
        spilledBytes.inc(group.length());
    }

    @Override
    public void circuit(boolean open) {
        circuitOpen = open ? 1 : 0;
        if (open) {
            circuitOpenings.inc();
        } else {
            problems.isBack();
        }
    }

    /** For a writer with several targets: how many of their circuits are open. */
    public void openCircuits(int count) {
        circuitOpen = count;
    }

    /** For a writer with several targets: the present problem of one of them is shown, too. */
    public void alsoShows(Supplier<@Nullable Problem> ofTargets) {
        problems.alsoShows(ofTargets);
    }

    /** The metric group of the sink, for metrics of another class. */
    public MetricGroup group() {
        return sls;
    }

    @Override
    public void recompressed(int groups) {
        recompressedGroups.inc(groups);
    }

    @Override
    public void lz4InsteadOfZstd(boolean instead) {
        problems.lz4InsteadOfZstd(instead);
    }

    @Override
    public void listsSwitchedOff() {
        batchFallback.inc();
    }

    @Override
    public void holds(long bytes, int requests, long limit) {
        inFlightBytes = bytes;
        inFlightRequests = requests;
        inFlightLimit = limit;
    }

    @Override
    public void oldestSince(long nanos) {
        oldest.runSince(nanos);
    }

    @Override
    public void nothingSent() {
        oldest.reset();
        problems.works();
    }

    /** The writer blocks its upstream from now on. */
    public void blocks(long now) {
        blocked.start(now);
    }

    /** The writer blocks no longer. */
    public void goesOn(long now) {
        blocked.stop(now);
    }

    /** A flush begins. */
    public void flushes(long now) {
        flush.restart(now);
    }

    /** A flush ends. */
    public void flushed(long now) {
        flush.stop(now);
    }

    /** The writer received a group. */
    public void taken() {
        taken++;
    }

    /**
     * Compares the received groups with the settled ones when nothing is unsettled. The groups received, with parts
     * instead of groups that were split, must equal the sum of those acknowledged, those stored as dead letters and
     * those dropped. Otherwise a group was settled without being counted.
     *
     * @return whether there is a difference that was not there before
     */
    public boolean checkBalance() {
        long difference = groups() - settled();
        boolean isNew = difference != imbalance;
        imbalance = difference;
        return isNew;
    }

    /** The number of groups received, with parts instead of groups that were split. */
    public long groups() {
        return taken + splitParts.getCount() - splitGroups.getCount();
    }

    /** The number of settled groups: acknowledged, stored as dead letters, or dropped. */
    public long settled() {
        return recordsSend.getCount() + deadLettered.getCount() + dropped.getCount();
    }
}
