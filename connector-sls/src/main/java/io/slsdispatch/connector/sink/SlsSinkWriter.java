package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.CategoryStripper;
import io.slsdispatch.connector.put.GroupSplitter;
import io.slsdispatch.connector.put.InFlightBuffer;
import io.slsdispatch.connector.put.PutEngine;
import io.slsdispatch.connector.put.PutPolicy;
import io.slsdispatch.connector.put.PutPolicy.Adaptation;
import io.slsdispatch.connector.put.PutPolicy.BatchLimits;
import io.slsdispatch.connector.put.PutPolicy.Limits;
import io.slsdispatch.connector.put.PutPolicy.Linger;
import io.slsdispatch.connector.put.PutPolicy.Patience;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.sink2.SinkWriter;

/**
 * Writes groups to a target from one subtask. {@code write} accepts a group and returns. When the buffer is full, it
 * blocks, handles answers meanwhile, and so back-pressures its upstream. {@code flush}, called before every checkpoint
 * barrier, returns when all groups are settled. So the writer has no state.
 */
final class SlsSinkWriter implements SinkWriter<RawLogGroup> {

    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);
    private static final Duration CHECK_AT_MOST_EVERY = Duration.ofMillis(10);

    /** A checkpoint that waits longer is logged, and again each time that the wait has doubled. */
    private static final long LONG_FLUSH = TimeUnit.SECONDS.toNanos(10);

    private final SlsClient client;
    private final TaskThread thread;
    private final SinkMetrics metrics;
    private final InFlightBuffer buffer;
    private final Failure failure;
    private final SinkMessages messages;
    private final RejectHandler rejects;
    private final PutEngine<RawLogGroup> engine;
    private final GroupSplitter splitter;
    private final Duration checkEvery;
    private boolean checks;
    private boolean closed;
    private boolean flushes;
    private long flushBegan;
    private long toldAfter;

    /** @param deadline after which a request counts as failed although the client has not ended it */
    SlsSinkWriter(
            SinkConfig config,
            SlsClient client,
            Duration deadline,
            TaskThread thread,
            InstantSource clock,
            SinkMetrics metrics) {
        SinkParts parts = SinkParts.of(config, client, deadline, thread, clock, metrics);
        this.client = client;
        this.thread = thread;
        this.metrics = metrics;
        this.buffer = parts.buffer();
        this.failure = parts.failure();
        this.messages = parts.messages();
        this.rejects = new RejectHandler(parts, clock);
        this.splitter = new GroupSplitter(config.logstore());
        this.engine = new PutEngine<>(
                config.logstore(),
                policy(config, deadline),
                new TargetItems(splitter, config.delivery().cutCategory() ? new CategoryStripper() : null),
                new TargetListener(parts, rejects),
                parts.context(buffer, metrics));
        this.checkEvery = checkEvery(config.outage().after());
    }

    private static PutPolicy policy(SinkConfig config, Duration deadline) {
        SinkConfig.Delivery delivery = config.delivery();
        Limits limits = new Limits(
                delivery.maxInFlightRequests(),
                true,
                delivery.batching() ? BatchLimits.LIST : BatchLimits.SINGLE,
                Adaptation.RATE,
                Linger.WHILE_IN_FLIGHT);
        return new PutPolicy(delivery.ordered(), limits, config.retry(), Patience.PER_BATCH, config.outage(), deadline);
    }

    /** Often enough to detect an outage in time. */
    private static Duration checkEvery(Duration outageAfter) {
        Duration part = outageAfter.dividedBy(4);
        if (part.compareTo(CHECK_EVERY) > 0) {
            return CHECK_EVERY;
        }
        return part.compareTo(CHECK_AT_MOST_EVERY) < 0 ? CHECK_AT_MOST_EVERY : part;
    }

    /**
     * @throws IOException when a group was rejected and the policy is to fail, or the retries have ended; the job must
     *     fail
     */
    @Override
    public void write(RawLogGroup element, Context context) throws IOException, InterruptedException {
        failure.check();
        metrics.taken();
        if (GroupSplitter.isOversized(element)) {
            writeInParts(element);
        } else {
            put(element);
        }
    }

    private void put(RawLogGroup group) throws IOException, InterruptedException {
        awaitSpaceFor(group);
        engine.add(group);
        checkLater();
    }

    private void writeInParts(RawLogGroup group) throws IOException, InterruptedException {
        Iterator<RawLogGroup> parts = splitter.parts(group);
        if (parts == null) {
            reject(group);
            return;
        }
        int count = 0;
        while (parts.hasNext()) {
            RawLogGroup part = parts.next();
            count++;
            if (GroupSplitter.isOversized(part)) {
                reject(part);
            } else {
                put(part);
            }
        }
        metrics.split(count);
    }

    private void reject(RawLogGroup group) throws IOException, InterruptedException {
        awaitSpaceFor(group);
        buffer.take(group.length(), thread.now());
        rejects.rejected(group, splitter.refusal(group));
        checkLater();
    }

    private void awaitSpaceFor(RawLogGroup group) throws IOException, InterruptedException {
        if (buffer.fits(group.length(), thread.now())) {
            return;
        }
        engine.waitForNoProbe();
        metrics.blocks(thread.now());
        try {
            while (!buffer.fits(group.length(), thread.now())) {
                thread.awaitMail();
                failure.check();
            }
        } finally {
            metrics.goesOn(thread.now());
        }
    }

    /** Checks pending requests periodically, as long as there are any. */
    private void checkLater() {
        if (!checks) {
            checks = true;
            thread.timers().after(checkEvery, this::check);
        }
    }

    private void check() throws IOException {
        checks = false;
        if (closed) {
            return;
        }
        engine.check();
        rejects.check();
        tellIfTheFlushTakesLong();
        if (buffer.groups() > 0 || !engine.isIdle() || !rejects.isIdle()) {
            checkLater();
        }
    }

    private void tellIfTheFlushTakesLong() {
        long lasts = thread.now() - flushBegan;
        if (flushes && lasts >= toldAfter) {
            toldAfter *= 2;
            messages.checkpointWaits(Duration.ofNanos(lasts), buffer.groups(), buffer.bytes(), engine.describe());
        }
    }

    /**
     * Returns when every group written before is acknowledged, stored as a dead letter, or dropped as configured. Waits
     * without a time limit.
     *
     * @throws IOException as {@link #write}
     */
    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        failure.check();
        flushBegan = thread.now();
        flushes = true;
        toldAfter = LONG_FLUSH;
        metrics.flushes(flushBegan);
        try {
            engine.hurry();
            while (buffer.groups() > 0) {
                thread.awaitMail();
                failure.check();
            }
            if (metrics.checkBalance()) {
                messages.accountingMismatch(metrics.groups(), metrics.settled());
            }
        } finally {
            flushes = false;
            metrics.flushed(thread.now());
            engine.showMetrics();
        }
    }

    /** Ends all requests at once, without waiting for any. */
    @Override
    public void close() {
        closed = true;
        engine.close();
        rejects.close();
        client.close();
    }
}
