package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.metrics.CredentialsTtlGauge;
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
final class SinkMetrics implements PutMetrics {

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

    SinkMetrics(SinkWriterMetricGroup group, LongSupplier nanoClock) {
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
    void credentialsExpiration(Supplier<Optional<Instant>> end, InstantSource clock) {
        sls.gauge(SinkMetricNames.CREDENTIALS_SECONDS_LEFT, new CredentialsTtlGauge(end, clock));
    }

    /** Registers the gauge of how much requests are signed ahead of the local clock. */
    void clockCorrection(Supplier<Duration> offset) {
        sls.gauge(SinkMetricNames.CLOCK_CORRECTION_SECONDS, () -> offset.get().toSeconds());
    }

    /** Registers the gauge of failed attempts to get credentials. */
    void credentialsFailures(LongSupplier count) {
        sls.gauge(SinkMetricNames.CREDENTIALS_FAILURES, count::getAsLong);
    }

    /**
     * The metrics of the dead-letter engine: its requests count on their own, its errors together with those of the
     * target.
     */
    PutMetrics ofDeadLetters() {
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

    /** @return the number of rejected groups, this one included */
    long rejected() {
        recordsSendErrors.inc();
        return recordsSendErrors.getCount();
    }

    /** A group was split. */
    void split(int parts) {
        splitGroups.inc();
        splitParts.inc(parts);
    }

    void deadLettered(RawLogGroup group) {
        deadLettered.inc();
        deadLetteredBytes.inc(group.length());
    }

    /** @return the number of refused dead letters, this one included */
    long deadLetterRefused() {
        deadLettersRefused.inc();
        return deadLettersRefused.getCount();
    }

    void dropped(RawLogGroup group) {
        dropped.inc();
        droppedBytes.inc(group.length());
    }

    void spilled(RawLogGroup group) {
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

    @Override
    public void recompressed(int groups) {
        recompressedGroups.inc(groups);
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

    void blocks(long now) {
        blocked.start(now);
    }

    void goesOn(long now) {
        blocked.stop(now);
    }

    void flushes(long now) {
        flush.restart(now);
    }

    void flushed(long now) {
        flush.stop(now);
    }

    /** The writer received a group. */
    void taken() {
        taken++;
    }

    /**
     * Compares the received groups with the settled ones when nothing is unsettled. The groups received, with parts
     * instead of groups that were split, must equal the sum of those acknowledged, those stored as dead letters and
     * those dropped. Otherwise a group was settled without being counted.
     *
     * @return whether there is a difference that was not there before
     */
    boolean checkBalance() {
        long difference = groups() - settled();
        boolean isNew = difference != imbalance;
        imbalance = difference;
        return isNew;
    }

    /** The number of groups received, with parts instead of groups that were split. */
    long groups() {
        return taken + splitParts.getCount() - splitGroups.getCount();
    }

    /** The number of settled groups: acknowledged, stored as dead letters, or dropped. */
    long settled() {
        return recordsSend.getCount() + deadLettered.getCount() + dropped.getCount();
    }

    /** Measures a duration for a gauge. One thread writes, any thread may read. */
    private static final class Stopwatch {

        /**
         * The state of the stopwatch.
         *
         * @param since when it was started; null while it is stopped
         * @param before nanoseconds measured until then
         */
        private record Reading(@Nullable Long since, long before) {}

        private final LongSupplier nanoClock;
        private volatile Reading reading = new Reading(null, 0);

        Stopwatch(LongSupplier nanoClock) {
            this.nanoClock = nanoClock;
        }

        /** Continues, if it is stopped. */
        void start(long now) {
            if (reading.since == null) {
                reading = new Reading(now, reading.before);
            }
        }

        /** Starts again from zero. */
        void restart(long now) {
            reading = new Reading(now, 0);
        }

        /** Runs since the given time, whatever it showed before. */
        void runSince(long since) {
            Long current = reading.since;
            if (current == null || current != since || reading.before != 0) {
                reading = new Reading(since, 0);
            }
        }

        /** Stops at zero. */
        void reset() {
            if (reading.since != null || reading.before != 0) {
                reading = new Reading(null, 0);
            }
        }

        void stop(long now) {
            Long since = reading.since;
            if (since != null) {
                reading = new Reading(null, reading.before + now - since);
            }
        }

        long millis() {
            Reading now = reading;
            long current = now.since == null ? 0 : nanoClock.getAsLong() - now.since;
            return TimeUnit.NANOSECONDS.toMillis(now.before + current);
        }
    }
}
