package io.slsdispatch.connector.sink;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * What a writer tells about itself. Everything is written on the task thread; gauges are read by others.
 *
 * <p>{@code numRecordsSend} and {@code numBytesSend} count what the target has acknowledged, {@code numRecordsSendErrors}
 * what it will never take.
 */
final class SinkMetrics {

    private final LongSupplier nanoClock;
    private final Counter recordsSend;
    private final Counter bytesSend;
    private final Counter recordsSendErrors;
    private final Counter requests;
    private final Counter retries;
    private final Counter throttledPuts;
    private final Counter deadLettered;
    private final Counter dropped;
    private final Counter batchFallback;

    private volatile long sendTimeMillis;
    private volatile long inFlightBytes;
    private volatile int inFlightRequests;
    private volatile @Nullable Long oldestSince;
    private volatile long blockedNanos;
    private volatile @Nullable Long blockedSince;

    SinkMetrics(SinkWriterMetricGroup group, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        recordsSend = group.getNumRecordsSendCounter();
        bytesSend = group.getNumBytesSendCounter();
        recordsSendErrors = group.getNumRecordsSendErrorsCounter();
        group.setCurrentSendTimeGauge(() -> sendTimeMillis);
        MetricGroup sls = group.addGroup("sls");
        requests = sls.counter("requests");
        retries = sls.counter("retries");
        throttledPuts = sls.counter("throttledPuts");
        deadLettered = sls.counter("deadLettered");
        dropped = sls.counter("dropped");
        batchFallback = sls.counter("batchFallback");
        sls.gauge("inFlightBytes", () -> inFlightBytes);
        sls.gauge("inFlightRequests", () -> inFlightRequests);
        sls.gauge("oldestInFlightMillis", this::oldestInFlightMillis);
        sls.gauge("blockedMillis", this::blockedMillis);
    }

    void requestSent(boolean repeated) {
        requests.inc();
        if (repeated) {
            retries.inc();
        }
    }

    void throttled() {
        throttledPuts.inc();
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

    void deadLettered() {
        deadLettered.inc();
    }

    void dropped() {
        dropped.inc();
    }

    void fellBackToSingles() {
        batchFallback.inc();
    }

    /**
     * @param bytes of all groups taken and not yet settled, those that wait included
     * @param requests under way or waiting to be repeated
     */
    void holds(long bytes, int requests) {
        inFlightBytes = bytes;
        inFlightRequests = requests;
    }

    /** @param nanos when the oldest request that is not settled was first sent; null when there is none */
    void oldestSince(@Nullable Long nanos) {
        oldestSince = nanos;
    }

    void blocks(long now) {
        blockedSince = now;
    }

    // Only the task thread writes; the volatile is for the readers.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void goesOn(long now) {
        Long since = blockedSince;
        if (since != null) {
            blockedSince = null;
            blockedNanos += now - since;
        }
    }

    private long oldestInFlightMillis() {
        Long since = oldestSince;
        return since == null ? 0 : TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - since);
    }

    private long blockedMillis() {
        Long since = blockedSince;
        long current = since == null ? 0 : nanoClock.getAsLong() - since;
        return TimeUnit.NANOSECONDS.toMillis(blockedNanos + current);
    }
}
