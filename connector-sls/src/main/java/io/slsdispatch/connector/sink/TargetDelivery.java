package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.Delivery;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.CategoryStripper;
import io.slsdispatch.connector.put.GroupSplitter;
import io.slsdispatch.connector.put.InFlightBuffer;
import io.slsdispatch.connector.put.PutEngine;
import io.slsdispatch.connector.put.PutListener;
import io.slsdispatch.connector.put.PutMemory;
import io.slsdispatch.connector.put.PutPolicy;
import io.slsdispatch.connector.put.PutPolicy.Adaptation;
import io.slsdispatch.connector.put.PutPolicy.BatchLimits;
import io.slsdispatch.connector.put.PutPolicy.Limits;
import io.slsdispatch.connector.put.PutPolicy.Linger;
import io.slsdispatch.connector.put.PutPolicy.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Delivers groups to the logstore of one target: splits those that are too large, and passes them to the target's
 * engine. Task thread only.
 */
@Internal
public final class TargetDelivery {

    /** Waits until the buffer of the target has space. */
    @FunctionalInterface
    public interface Space {

        /** @throws IOException when the writer has failed */
        void awaitFor(RawLogGroup group) throws IOException, InterruptedException;
    }

    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);
    private static final Duration CHECK_AT_MOST_EVERY = Duration.ofMillis(10);

    private final TaskThread thread;
    private final TargetMetrics metrics;
    private final InFlightBuffer buffer;
    private final RejectHandler rejects;
    private final GroupSplitter splitter;
    private final PutEngine<RawLogGroup> engine;

    /**
     * Creates a delivery.
     *
     * @param linger how long a group waits for others to share a request; zero: only while a request is in flight
     * @param listener receives the results
     * @param rejects settles groups that are too large
     * @param memory what an earlier delivery to the same target has learnt; null for nothing
     */
    public TargetDelivery(
            SinkParts parts,
            Duration linger,
            PutListener<RawLogGroup> listener,
            RejectHandler rejects,
            @Nullable PutMemory memory) {
        SinkConfig config = parts.config();
        this.thread = parts.thread();
        this.metrics = parts.metrics();
        this.buffer = parts.buffer();
        this.rejects = rejects;
        this.splitter = new GroupSplitter(config.logstore());
        this.engine = new PutEngine<>(
                config.logstore(),
                policy(config, linger, parts.deadline()),
                new TargetItems(splitter, config.delivery().cutCategory() ? new CategoryStripper() : null),
                listener,
                parts.context(buffer, metrics),
                memory);
    }

    private static PutPolicy policy(SinkConfig config, Duration linger, Duration deadline) {
        Delivery delivery = config.delivery();
        Limits limits = new Limits(
                delivery.maxInFlightRequests(),
                true,
                delivery.batching() ? BatchLimits.LIST : BatchLimits.SINGLE,
                Adaptation.RATE,
                linger.isZero() ? Linger.WHILE_IN_FLIGHT : Linger.FOR_TIME,
                linger);
        return new PutPolicy(
                delivery.ordered(),
                limits,
                config.retry(),
                Patience.PER_BATCH,
                config.outage(),
                deadline,
                delivery.compression());
    }

    /** How often {@link #check} is to be called, so that an outage is detected in time. */
    public static Duration checkEvery(Duration outageAfter) {
        Duration part = outageAfter.dividedBy(4);
        if (part.compareTo(CHECK_EVERY) > 0) {
            return CHECK_EVERY;
        }
        return part.compareTo(CHECK_AT_MOST_EVERY) < 0 ? CHECK_AT_MOST_EVERY : part;
    }

    /**
     * Delivers a group, in parts if it is too large.
     *
     * @throws IOException when a group was rejected and the policy is to fail, or the writer has failed
     */
    public void write(RawLogGroup group, Space space) throws IOException, InterruptedException {
        if (GroupSplitter.isOversized(group)) {
            writeInParts(group, space);
        } else {
            put(group, space);
        }
    }

    /** Delivers a group even if it exceeds the buffer, as {@link #write}; never blocks. */
    public void writeNow(RawLogGroup group) throws IOException {
        try {
            write(group, some -> {});
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing waits here", e);
        }
    }

    private void put(RawLogGroup group, Space space) throws IOException, InterruptedException {
        space.awaitFor(group);
        engine.add(group);
    }

    private void writeInParts(RawLogGroup group, Space space) throws IOException, InterruptedException {
        Iterator<RawLogGroup> parts = splitter.parts(group);
        if (parts == null) {
            reject(group, space);
            return;
        }
        int count = 0;
        while (parts.hasNext()) {
            RawLogGroup part = parts.next();
            count++;
            if (GroupSplitter.isOversized(part)) {
                reject(part, space);
            } else {
                put(part, space);
            }
        }
        metrics.split(count);
    }

    private void reject(RawLogGroup group, Space space) throws IOException, InterruptedException {
        space.awaitFor(group);
        buffer.take(group.length(), thread.now());
        rejects.rejected(group, splitter.refusal(group));
    }

    /** Whether everything is settled. */
    public boolean isIdle() {
        return engine.isIdle();
    }

    /** What was learnt of the target, for the next delivery to it; null for nothing. Only when it is idle. */
    public @Nullable PutMemory memory() {
        return engine.memory();
    }

    /** Describes the pending requests in words. */
    public String describe() {
        return engine.describe();
    }

    /** Sends the groups that wait for others. */
    public void sendNow() {
        engine.flush();
    }

    /** The writer waits until everything is settled. */
    public void hurry() {
        engine.hurry();
    }

    /** Stops waiting for a target that accepts nothing. */
    public void waitForNoProbe() {
        engine.waitForNoProbe();
    }

    /** Stops sending: the listener gets back all groups, those in flight when they fail. */
    public void giveUp() {
        engine.giveUp();
    }

    /** Ends overdue requests, and detects an outage. */
    public void check() throws IOException {
        engine.check();
    }

    /** Updates the metrics of the current state. */
    public void showMetrics() {
        engine.showMetrics();
    }

    /** Stops sending, and ignores all answers from now on. */
    public void close() {
        engine.close();
    }
}
