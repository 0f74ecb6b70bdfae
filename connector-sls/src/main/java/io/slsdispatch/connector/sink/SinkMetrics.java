package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.metrics.CredentialsTtlGauge;
import io.slsdispatch.connector.metrics.SinkMetricNames;
import io.slsdispatch.connector.model.RawLogGroup;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * What a writer tells about itself; {@link SinkMetricNames} says what each means. Everything is written on the task
 * thread; gauges are read by others.
 *
 * <p>{@code numRecordsSend} and {@code numBytesSend} count what the target has acknowledged, {@code numRecordsSendErrors}
 * what it will never take.
 */
final class SinkMetrics {

    /** Codes come from outside: a proxy may have thousands. */
    private static final int MOST_CODES = 30;

    private static final String OTHER_CODE = "other";

    private final MetricGroup sls;
    private final Counter recordsSend;
    private final Counter bytesSend;
    private final Counter recordsSendErrors;
    private final Counter requests;
    private final Counter retries;
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
    }

    /** Shows for how long the credentials still work. */
    void credentialsExpiration(Supplier<Optional<Instant>> end, InstantSource clock) {
        sls.gauge(SinkMetricNames.CREDENTIALS_SECONDS_LEFT, new CredentialsTtlGauge(end, clock));
    }

    /** Shows how often credentials could not be had. */
    void credentialsFailures(LongSupplier count) {
        sls.gauge(SinkMetricNames.CREDENTIALS_FAILURES, count::getAsLong);
    }

    void requestSent(boolean repeated) {
        requests.inc();
        if (repeated) {
            retries.inc();
        }
    }

    void deadLetterRequestSent() {
        deadLetterRequests.inc();
    }

    void failed(SlsException error) {
        if (error.kind() == ErrorKind.SEQUENCE_REPEATED) {
            repeatsRefused.inc();
        }
        String code = error.errorCode().isEmpty() ? OTHER_CODE : error.errorCode();
        String label = errors.containsKey(code) || errors.size() < MOST_CODES ? code : OTHER_CODE;
        errors.computeIfAbsent(
                        label, key -> sls.addGroup(SinkMetricNames.CODE, key).counter(SinkMetricNames.ERRORS))
                .inc();
    }

    void throttled() {
        throttledPuts.inc();
    }

    /** @param waits whether requests wait now because the target has throttled */
    void paced(boolean waits, long now) {
        if (waits) {
            throttled.start(now);
        } else {
            throttled.stop(now);
        }
    }

    void acknowledged(Put put, long now) {
        recordsSend.inc(put.groups().size());
        bytesSend.inc(put.bytes());
        sendTimeMillis = TimeUnit.NANOSECONDS.toMillis(now - put.sentAt());
    }

    /** @return how many were rejected so far, this one included */
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

    /** @return how many dead letters were refused so far, this one included */
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

    void circuit(boolean open) {
        circuitOpen = open ? 1 : 0;
        if (open) {
            circuitOpenings.inc();
        }
    }

    /** @param groups that are compressed again, since the service could not read them as they were cut */
    void recompressed(int groups) {
        recompressedGroups.inc(groups);
    }

    void fellBackToSingles() {
        batchFallback.inc();
    }

    /**
     * @param bytes of all groups taken and not yet settled, those that wait included
     * @param requests to the target, under way or waiting to be repeated
     * @param limit how many bytes there may be now
     */
    void holds(long bytes, int requests, long limit) {
        inFlightBytes = bytes;
        inFlightRequests = requests;
        inFlightLimit = limit;
    }

    /** @param nanos when the oldest request that is not settled was first sent; null when there is none */
    void oldestSince(@Nullable Long nanos) {
        oldest.set(nanos);
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

    /** How many groups there are more because some were split. */
    long addedBySplits() {
        return splitParts.getCount() - splitGroups.getCount();
    }

    /** How many groups have come to their end: acknowledged, stored among the dead letters, or dropped. */
    long settled() {
        return recordsSend.getCount() + deadLettered.getCount() + dropped.getCount();
    }

    /** @param groups taken and not settled although nothing is left, or, below 0, settled more than once */
    void imbalance(long groups) {
        imbalance = groups;
    }
}
