package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.deadletter.DeadLetterEncoder;
import io.slsdispatch.connector.model.RawLogGroup;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of groups that their target does not take: they fail the job, become dead letters, or are dropped, each
 * as configured and none unseen. Task thread only.
 */
final class Undelivered implements DeadLetterQueue.End {

    private final SinkConfig config;
    private final TaskThread thread;
    private final SinkMetrics metrics;
    private final Room room;
    private final Failure failure;
    private final SinkFailures failures;
    private final SinkWarnings warnings;
    private final InstantSource clock;
    private final @Nullable DeadLetterQueue letters;

    Undelivered(SinkParts parts, SlsClient client, Duration deadline, InstantSource clock) {
        this.config = parts.config();
        this.thread = parts.thread();
        this.metrics = parts.metrics();
        this.room = parts.room();
        this.failure = parts.failure();
        this.failures = parts.failures();
        this.warnings = parts.warnings();
        this.clock = clock;
        DeadLetterStore store = config.deadLetters();
        // Chance tells attempts apart; it may be that of whichever thread is on.
        RandomGenerator chance = () -> ThreadLocalRandom.current().nextLong();
        this.letters = store == null
                ? null
                : new DeadLetterQueue(
                        parts,
                        store.onRefusal(),
                        new DeadLetterEncoder(chance),
                        receiver -> new Requests<>(store.logstore(), client, thread, deadline, receiver),
                        this);
    }

    /** Whether nothing is on its way to the dead letters. */
    boolean isIdle() {
        return letters == null || letters.isIdle();
    }

    /** Ends requests that are overdue. */
    void check() throws IOException {
        if (letters != null) {
            letters.check();
        }
    }

    void close() {
        if (letters != null) {
            letters.close();
        }
    }

    /** Settles a group that the target will never take. */
    void rejected(RawLogGroup group, SlsException reason) throws IOException {
        long count = metrics.rejected();
        switch (config.onReject()) {
            case FAIL -> failure.fail(failures.rejected(reason));
            case DROP -> {
                warnings.drops(group, reason, count);
                drop(group);
            }
            case DEAD_LETTER -> {
                warnings.sendsToDeadLetters(group, reason, count);
                store(group, Reason.of(Cause.REJECTED, reason));
            }
        }
    }

    /** Settles a group that the target cannot take now. */
    void spilled(RawLogGroup group, Reason reason) {
        metrics.spilled(group);
        if (config.outage().policy() == OnOutage.DROP) {
            drop(group);
        } else {
            store(group, reason);
        }
    }

    private void store(RawLogGroup group, Reason reason) {
        if (letters == null) {
            throw new IllegalStateException("no logstore for dead letters is configured");
        }
        letters.add(new DeadLetter(
                group,
                config.name(),
                config.logstore(),
                config.scopeText(),
                reason,
                clock.instant(),
                DeadLetter.ID_VERSION));
    }

    private void drop(RawLogGroup group) {
        metrics.dropped(group);
        room.leave(group, thread.now());
    }

    @Override
    public void stored(Letter letter) {
        metrics.deadLettered(letter.deadLetter().group());
        room.leave(letter.deadLetter().group(), thread.now());
    }

    @Override
    public void dropped(Letter letter, SlsException reason) {
        RawLogGroup group = letter.deadLetter().group();
        warnings.dropsDeadLetter(group, reason, metrics.deadLetterRefused());
        drop(group);
    }
}
