package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.model.RawLogGroup;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes groups to a target from one subtask. {@code write} takes a group and goes on; when too much is unsettled it
 * waits, handling answers meanwhile, and so holds back what comes before it. {@code flush}, called before every
 * checkpoint barrier, returns when nothing is left unsettled. So there is no state.
 */
final class SlsSinkWriter implements SinkWriter<RawLogGroup> {

    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);
    private static final Duration CHECK_AT_MOST_EVERY = Duration.ofMillis(10);

    /** A checkpoint that waits longer is told of, and again each time that it has waited twice as long. */
    private static final long LONG_FLUSH = TimeUnit.SECONDS.toNanos(10);

    private final SlsClient client;
    private final TaskThread thread;
    private final SinkMetrics metrics;
    private final Room room;
    private final Failure failure;
    private final SinkWarnings warnings;
    private final SinkBalance balance;
    private final Undelivered undelivered;
    private final PutPipeline pipeline;
    private final Oversized oversized;
    private final @Nullable CategoryCut categoryCut;
    private final Duration checkEvery;
    private boolean checks;
    private boolean closed;
    private boolean flushes;
    private long flushBegan;
    private long toldAfter;

    /** @param deadline when a request is over although the client has not ended it */
    SlsSinkWriter(
            SinkConfig config,
            SlsClient client,
            Duration deadline,
            TaskThread thread,
            InstantSource clock,
            SinkMetrics metrics) {
        SinkParts parts = SinkParts.of(config, thread, metrics);
        this.client = client;
        this.thread = thread;
        this.metrics = metrics;
        this.room = parts.room();
        this.failure = parts.failure();
        this.warnings = parts.warnings();
        this.balance = new SinkBalance(metrics, warnings);
        this.undelivered = new Undelivered(parts, client, deadline, clock);
        this.pipeline = new PutPipeline(parts, client, deadline, undelivered);
        this.oversized = new Oversized(config.logstore());
        this.categoryCut = config.delivery().cutCategory() ? new CategoryCut() : null;
        this.checkEvery = checkEvery(config.outage().after());
    }

    /** Often enough to see an outage in time. */
    private static Duration checkEvery(Duration outageAfter) {
        Duration part = outageAfter.dividedBy(4);
        if (part.compareTo(CHECK_EVERY) > 0) {
            return CHECK_EVERY;
        }
        return part.compareTo(CHECK_AT_MOST_EVERY) < 0 ? CHECK_AT_MOST_EVERY : part;
    }

    /** @throws IOException when a group was refused for good, or the time for repetitions is over; the job must fail */
    @Override
    public void write(RawLogGroup element, Context context) throws IOException, InterruptedException {
        failure.check();
        balance.took();
        RawLogGroup group = categoryCut == null ? element : categoryCut.apply(element);
        if (Oversized.is(group)) {
            writeInParts(group);
        } else {
            put(group);
        }
    }

    private void put(RawLogGroup group) throws IOException, InterruptedException {
        awaitRoomFor(group);
        room.take(group, thread.now());
        pipeline.add(group);
        checkLater();
    }

    private void writeInParts(RawLogGroup group) throws IOException, InterruptedException {
        Iterator<RawLogGroup> parts = oversized.parts(group);
        if (parts == null) {
            reject(group);
            return;
        }
        int count = 0;
        while (parts.hasNext()) {
            RawLogGroup part = parts.next();
            count++;
            if (Oversized.is(part)) {
                reject(part);
            } else {
                put(part);
            }
        }
        metrics.split(count);
    }

    private void reject(RawLogGroup group) throws IOException, InterruptedException {
        awaitRoomFor(group);
        room.take(group, thread.now());
        undelivered.rejected(group, oversized.refusal(group));
        checkLater();
    }

    private void awaitRoomFor(RawLogGroup group) throws IOException, InterruptedException {
        if (room.fits(group, thread.now())) {
            return;
        }
        pipeline.waitForNoProbe();
        metrics.blocks(thread.now());
        try {
            while (!room.fits(group, thread.now())) {
                thread.awaitMail();
                failure.check();
            }
        } finally {
            metrics.goesOn(thread.now());
        }
    }

    /** Looks again and again at what is under way, as long as there is something. */
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
        pipeline.check();
        undelivered.check();
        tellIfTheFlushTakesLong();
        if (room.groups() > 0 || !pipeline.isIdle() || !undelivered.isIdle()) {
            checkLater();
        }
    }

    private void tellIfTheFlushTakesLong() {
        long lasts = thread.now() - flushBegan;
        if (flushes && lasts >= toldAfter) {
            toldAfter *= 2;
            warnings.checkpointWaits(
                    TimeUnit.NANOSECONDS.toSeconds(lasts), room.groups(), room.bytes(), pipeline.waitsFor());
        }
    }

    /**
     * Returns when every group written before is acknowledged, or stored among the dead letters, or dropped as
     * configured. Waits as long as it takes.
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
            pipeline.hurry();
            while (room.groups() > 0) {
                thread.awaitMail();
                failure.check();
            }
            balance.check();
        } finally {
            flushes = false;
            metrics.flushed(thread.now());
            pipeline.tellMetrics();
        }
    }

    /** Ends all requests at once; waits for none. */
    @Override
    public void close() {
        closed = true;
        pipeline.close();
        undelivered.close();
        client.close();
    }
}
