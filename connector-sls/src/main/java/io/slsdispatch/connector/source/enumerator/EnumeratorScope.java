package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.metrics.EnumeratorMetrics;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.util.function.LongSupplier;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/**
 * What the parts of the enumerator share.
 *
 * @param nanoTime as {@link System#nanoTime()}
 */
record EnumeratorScope(
        SplitEnumeratorContext<ShardSplit> context,
        SlsClient client,
        SourceConfig config,
        EnumeratorMetrics metrics,
        LongSupplier nanoTime) {

    static EnumeratorScope of(
            SplitEnumeratorContext<ShardSplit> context, SlsClient client, SourceConfig config, LongSupplier nanoTime) {
        EnumeratorMetrics metrics =
                new EnumeratorMetrics(context.metricGroup(), config.logstore().logstore(), nanoTime);
        return new EnumeratorScope(context, client, config, metrics, nanoTime);
    }
}
