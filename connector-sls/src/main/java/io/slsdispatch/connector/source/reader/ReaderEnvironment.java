package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.metrics.ReaderMetrics;
import java.time.Clock;

/**
 * What the parts of one reader share. It outlives the split readers, of which Flink makes a new one each time that a
 * reader gets shards after it had none.
 *
 * @param readOnly the shards that are known to take no more writes
 * @param signal wakes the fetcher thread
 * @param budget raises the signal when there is room
 */
record ReaderEnvironment(
        SourceConfig config,
        SlsClient client,
        ReaderMetrics metrics,
        Clock clock,
        ServiceTime serviceTime,
        ReadOnlyShards readOnly,
        WakeUpSignal signal,
        ByteBudget budget,
        CursorLookups lookups) {}
