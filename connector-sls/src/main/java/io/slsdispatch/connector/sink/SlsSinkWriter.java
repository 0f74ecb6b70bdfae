package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.InFlightBuffer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes groups to a target from one subtask. {@code write} accepts a group and returns. When the buffer is full, it
 * blocks, handles answers meanwhile, and so back-pressures its upstream. {@code flush}, called before every checkpoint
 * barrier, returns when all groups are settled. So the writer has no state.
 */
final class SlsSinkWriter implements SinkWriter<RawLogGroup> {

    /** A checkpoint that waits longer is logged, and again each time that the wait has doubled. */
    private static final long LONG_FLUSH = TimeUnit.SECONDS.toNanos(10);

    private final SlsClient client;
    private final TaskThread thread;
    private final SinkMetrics metrics;
    private final InFlightBuffer buffer;
    private final Failure failure;
    private final SinkMessages messages;
    private final @Nullable DeadLetterQueue deadLetters;
    private final TargetDelivery delivery;
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
        DeadLetterStore store = config.deadLetters();
        this.deadLetters = store == null ? null : new DeadLetterQueue(parts, store);
        RejectHandler rejects = new RejectHandler(parts, clock, deadLetters);
        this.delivery = new TargetDelivery(parts, Duration.ZERO, new TargetListener(parts, rejects), rejects, null);
        this.checkEvery = TargetDelivery.checkEvery(config.outage().after());
    }

    /**
     * @throws IOException when a group was rejected and the policy is to fail, or the retries have ended; the job must
     *     fail
     */
    @Override
    public void write(RawLogGroup element, Context context) throws IOException, InterruptedException {
        failure.check();
        metrics.taken();
        // Before it may block: the parts of a group may fill the buffer.
        checkLater();
        delivery.write(element, this::awaitSpaceFor);
    }

    private void awaitSpaceFor(RawLogGroup group) throws IOException, InterruptedException {
        if (buffer.fits(group.length(), thread.now())) {
            return;
        }
        delivery.waitForNoProbe();
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
        delivery.check();
        if (deadLetters != null) {
            deadLetters.check();
        }
        tellIfTheFlushTakesLong();
        if (buffer.groups() > 0 || !delivery.isIdle() || (deadLetters != null && !deadLetters.isIdle())) {
            checkLater();
        }
    }

    private void tellIfTheFlushTakesLong() {
        long lasts = thread.now() - flushBegan;
        if (flushes && lasts >= toldAfter) {
            toldAfter *= 2;
            messages.checkpointWaits(Duration.ofNanos(lasts), buffer.groups(), buffer.bytes(), delivery.describe());
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
            delivery.hurry();
            // Nothing more comes, so nothing has to wait for more.
            delivery.sendNow();
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
            delivery.showMetrics();
        }
    }

    /** Ends all requests at once, without waiting for any. */
    @Override
    public void close() {
        closed = true;
        delivery.close();
        if (deadLetters != null) {
            deadLetters.close();
        }
        client.close();
    }
}
