package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.ErrorHints;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.task.FlinkTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the retention of the logstore, so that an alert can predict when a lag becomes a loss, and warns if the
 * configured start is at a time with nothing to read yet or any more. Reading does not depend on it, so a failure here
 * does not fail the job.
 */
final class RetentionMonitor {

    private static final Logger LOG = LoggerFactory.getLogger(RetentionMonitor.class);

    /** The setting changes rarely, and only manually. */
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private final EnumeratorEnvironment env;

    /** The start, until it is compared with the retention. */
    private @Nullable StartingPosition start;

    private boolean failing;

    /** @param isFresh whether the configured start applies, because there is no state */
    RetentionMonitor(EnumeratorEnvironment env, boolean isFresh) {
        this.env = env;
        this.start = isFresh ? env.config().start() : null;
    }

    /** Starts monitoring. Coordinator thread; requests run on the worker thread. */
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
                        "The retention of {} is unknown, so it cannot be predicted when a lag becomes a data loss; it is"
                                + " looked up again every {}. {}: {}",
                        env.config().logstore(),
                        Durations.text(INTERVAL),
                        hint(error),
                        error == null ? "no response" : error.getMessage());
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

    private static String hint(@Nullable Throwable error) {
        boolean denied = error instanceof SlsException refused
                && refused.kind() == ErrorKind.UNAUTHORIZED
                && refused.httpStatus() > 0;
        if (denied) {
            return "The credentials may lack the permission log:GetLogStore";
        }
        return error instanceof SlsException refused ? ErrorHints.of(refused) : "An error that is not from the service";
    }

    /**
     * Returns a warning if a start may not be as expected.
     *
     * @param retention zero if groups are kept forever or the retention is not known
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
                    + " group that it receives, even if that is before this time");
        }
        if (!retention.isZero() && at.receiveTime().isBefore(now.minus(retention))) {
            return Optional.of("The start " + at.receiveTime() + " is before the retention of " + retention.toDays()
                    + " days. Each shard is read from its oldest available group");
        }
        return Optional.empty();
    }
}
