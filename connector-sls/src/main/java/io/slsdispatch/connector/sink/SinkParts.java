package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.put.InFlightBuffer;
import io.slsdispatch.connector.put.PutContext;
import io.slsdispatch.connector.put.PutMetrics;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the parts of a writer share.
 *
 * @param deadline when a request is over although the client has not ended it
 */
record SinkParts(
        SinkConfig config,
        SlsClient client,
        Duration deadline,
        TaskThread thread,
        SinkMetrics metrics,
        InFlightBuffer buffer,
        Failure failure,
        SinkMessages messages) {

    static SinkParts of(
            SinkConfig config, SlsClient client, Duration deadline, TaskThread thread, SinkMetrics metrics) {
        return new SinkParts(
                config,
                client,
                deadline,
                thread,
                metrics,
                new InFlightBuffer(config.delivery().maxBufferedBytes(), config.drainWithin()),
                new Failure(),
                new SinkMessages(config));
    }

    /** For an engine of the writer. */
    PutContext context(InFlightBuffer held, PutMetrics measured) {
        // Chance spreads retries; it may be that of whichever thread is on.
        return new PutContext(client, thread, held, measured, () -> ThreadLocalRandom.current()
                .nextLong());
    }
}
