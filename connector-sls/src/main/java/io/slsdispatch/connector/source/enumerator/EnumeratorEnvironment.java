package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.metrics.EnumeratorMetrics;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/**
 * Dependencies that all parts of the enumerator share.
 *
 * @param nanoTime as {@link System#nanoTime()}
 * @param clock the local clock, which may be wrong
 */
record EnumeratorEnvironment(
        SplitEnumeratorContext<ShardSplit> context,
        SlsClient client,
        SourceConfig config,
        EnumeratorMetrics metrics,
        LongSupplier nanoTime,
        Clock clock) {

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
        return new EnumeratorEnvironment(context, client, config, metrics, nanoTime, clock);
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
