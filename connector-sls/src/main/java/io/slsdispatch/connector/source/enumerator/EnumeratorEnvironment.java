package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.ErrorHints;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.metrics.EnumeratorMetrics;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.connector.task.FailureLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dependencies that all parts of the enumerator share.
 *
 * @param nanoTime as {@link System#nanoTime()}
 * @param clock the local clock, which may be wrong
 * @param failures the log of failed requests
 */
record EnumeratorEnvironment(
        SplitEnumeratorContext<ShardSplit> context,
        SlsClient client,
        SourceConfig config,
        EnumeratorMetrics metrics,
        LongSupplier nanoTime,
        Clock clock,
        FailureLog failures) {

    private static final Logger LOG = LoggerFactory.getLogger(EnumeratorEnvironment.class);

    /** Clock skew that the service tolerates (help page "Error codes", RequestTimeExpired). */
    private static final Duration TOLERATED_SKEW = Duration.ofMinutes(15);

    /** The service consists of many machines, and reports its time in whole seconds. */
    private static final Duration PRECISION = Duration.ofSeconds(3);

    static EnumeratorEnvironment of(
            SplitEnumeratorContext<ShardSplit> context,
            SlsClient client,
            SourceConfig config,
            LongSupplier nanoTime,
            Clock clock) {
        EnumeratorMetrics metrics =
                new EnumeratorMetrics(context.metricGroup(), config.logstore().logstore(), nanoTime);
        metrics.clockCorrection(client::clockOffset);
        return new EnumeratorEnvironment(
                context, client, config, metrics, nanoTime, clock, new FailureLog(LOG, nanoTime));
    }

    /**
     * Logs a failed request that is retried, at growing distance.
     *
     * @param subject failures of different subjects are logged independently
     * @param what the request
     * @param left how long it is still retried; null for without a limit
     */
    void warn(String subject, String what, Throwable error, @Nullable Duration left) {
        Instant end = left == null ? null : clock.instant().plus(left);
        failures.warn(
                subject,
                error,
                () -> what + " fails; " + FailureLog.retryingUntil(end) + ". "
                        + (error instanceof SlsException refused ? ErrorHints.of(refused) + ". " : "")
                        + error.getMessage());
    }

    /**
     * Returns the earliest possible time of the service's clock; by the local clock until a response contains the time.
     */
    Instant earliestServiceTime() {
        return client.serviceTime().orElseGet(() -> correctedClock().minus(TOLERATED_SKEW));
    }

    /**
     * Returns the latest possible time of the service's clock; by the local clock until a response contains the time.
     */
    Instant latestServiceTime() {
        return client.serviceTime().map(time -> time.plus(PRECISION)).orElseGet(() -> correctedClock()
                .plus(TOLERATED_SKEW));
    }

    /** The local clock, corrected as for signatures: the service tolerates its remaining error. */
    private Instant correctedClock() {
        return clock.instant().plus(client.clockOffset());
    }
}
