package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.task.FlinkTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows for how long the logstore keeps groups, so that an alarm can tell when a lag will become a loss, and says so when
 * the configured start lies where there is nothing to be read yet, or any more. Reading does not depend on it, so no failure
 * here ends the job.
 */
final class RetentionMonitor {

    private static final Logger LOG = LoggerFactory.getLogger(RetentionMonitor.class);

    /** The setting changes by hand, if ever. */
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private final EnumeratorEnvironment env;

    /** The start, until it was compared with the retention. */
    private @Nullable StartingPosition start;

    private boolean failing;

    /**
     * @param isFresh whether the configured start holds, as there is no state
     */
    RetentionMonitor(EnumeratorEnvironment env, boolean isFresh) {
        this.env = env;
        this.start = isFresh ? env.config().start() : null;
    }

    /** Begins. Coordinator thread; requests are made on the worker's. */
    void start() {
        FlinkTasks.callAsync(
                env.context(),
                () -> env.client().retention(env.config().logstore()),
                this::looked,
                Duration.ZERO,
                INTERVAL);
    }

    private void looked(@Nullable Duration retention, @Nullable Throwable error) {
        if (retention == null) {
            if (!failing) {
                LOG.info(
                        "For how long {} keeps log groups is not known, and so neither when a lag becomes a loss. The"
                                + " credentials may lack the permission to read the logstore's settings (log:GetLogStore)",
                        env.config().logstore(),
                        error);
            }
            failing = true;
        } else {
            failing = false;
            env.metrics().retention(retention);
        }
        if (start != null) {
            startWarning(start, Instant.now(), retention == null ? Duration.ZERO : retention)
                    .ifPresent(warning -> LOG.warn("{}: {}", env.config().logstore(), warning));
            start = null;
        }
    }

    /**
     * What may not be as expected about a start.
     *
     * @param retention zero when for ever or not known
     */
    static Optional<String> startWarning(StartingPosition start, Instant now, Duration retention) {
        if (start instanceof StartingPosition.Committed committed) {
            return startWarning(committed.otherwise(), now, retention);
        }
        if (!(start instanceof StartingPosition.At at)) {
            return Optional.empty();
        }
        if (at.receiveTime().isAfter(now)) {
            return Optional.of("The start " + at.receiveTime() + " is in the future. Each shard is read from the next"
                    + " group on that it receives, also when that is before this time");
        }
        if (!retention.isZero() && at.receiveTime().isBefore(now.minus(retention))) {
            return Optional.of(
                    "The start " + at.receiveTime() + " is longer ago than the " + retention.toDays()
                            + " days that the logstore keeps log groups. Each shard is read from the oldest group on that is left");
        }
        return Optional.empty();
    }
}
