package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.InFlightBuffer;
import java.io.IOException;
import java.time.InstantSource;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Handles groups that the target does not accept: they fail the job, become dead letters, or are dropped, as
 * configured; each is counted and logged. Task thread only.
 */
@Internal
public final class RejectHandler implements DeadLetterQueue.End {

    private final SinkConfig config;
    private final TaskThread thread;
    private final TargetMetrics metrics;
    private final InFlightBuffer buffer;
    private final Failure failure;
    private final SinkMessages messages;
    private final InstantSource clock;
    private final @Nullable DeadLetterQueue deadLetters;

    /**
     * Creates a handler.
     *
     * @param clock of the times in dead letters
     * @param deadLetters stores dead letters, and belongs to the caller; null when no policy needs it
     */
    public RejectHandler(SinkParts parts, InstantSource clock, @Nullable DeadLetterQueue deadLetters) {
        this.config = parts.config();
        this.thread = parts.thread();
        this.metrics = parts.metrics();
        this.buffer = parts.buffer();
        this.failure = parts.failure();
        this.messages = parts.messages();
        this.clock = clock;
        this.deadLetters = deadLetters;
    }

    /** Settles a group that the target never accepts. */
    public void rejected(RawLogGroup group, SlsException reason) throws IOException {
        long count = metrics.rejected();
        switch (config.onReject()) {
            case FAIL -> failure.fail(messages.rejected(reason));
            case DROP -> {
                messages.drops(group, reason, count);
                drop(group);
            }
            case DEAD_LETTER -> {
                messages.sendsToDeadLetters(group, reason, count);
                store(group, Reason.of(Cause.REJECTED, reason));
            }
        }
    }

    /** Settles a group that the target does not accept now. */
    public void notDelivered(RawLogGroup group, @Nullable SlsException lastError) {
        metrics.spilled(group);
        if (config.outage().policy() == OnOutage.DROP) {
            drop(group);
        } else {
            store(group, messages.outageReason(lastError));
        }
    }

    /** Makes a group of the buffer a dead letter. */
    public void store(RawLogGroup group, Reason reason) {
        if (deadLetters == null) {
            throw new IllegalStateException("no logstore for dead letters is configured");
        }
        deadLetters.add(
                new DeadLetter(
                        group,
                        config.name(),
                        config.logstore(),
                        config.scopeText(),
                        reason,
                        clock.instant(),
                        DeadLetter.ID_VERSION),
                this);
    }

    /** Drops a group of the buffer. */
    public void drop(RawLogGroup group) {
        metrics.dropped(group);
        buffer.leave(group.length(), thread.now());
    }

    @Override
    public void stored(DeadLetter deadLetter) {
        metrics.deadLettered(deadLetter.group());
        buffer.leave(deadLetter.group().length(), thread.now());
    }

    @Override
    public void dropped(DeadLetter deadLetter, SlsException reason) {
        RawLogGroup group = deadLetter.group();
        messages.dropsDeadLetter(group, reason, metrics.deadLetterRefused());
        drop(group);
    }
}
