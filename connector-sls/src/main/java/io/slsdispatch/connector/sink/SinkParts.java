package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.put.InFlightBuffer;
import io.slsdispatch.connector.put.PutContext;
import io.slsdispatch.connector.put.PutMetrics;
import io.slsdispatch.connector.task.FailureLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.flink.annotation.Internal;

/**
 * The objects that the parts of a writer share.
 *
 * @param deadline after which a request counts as failed although the client has not ended it
 */
@Internal
public record SinkParts(
        SinkConfig config,
        SlsClient client,
        Duration deadline,
        TaskThread thread,
        TargetMetrics metrics,
        InFlightBuffer buffer,
        Failure failure,
        SinkMessages messages) {

    static SinkParts of(
            SinkConfig config,
            SlsClient client,
            Duration deadline,
            TaskThread thread,
            InstantSource clock,
            SinkMetrics metrics) {
        return new SinkParts(
                config,
                client,
                deadline,
                thread,
                metrics,
                new InFlightBuffer(config.delivery().maxBufferedBytes(), config.drainWithin()),
                new Failure(),
                SinkMessages.of(config, clock, new FailureLog(SinkMessages.LOG, thread::now)));
    }

    /** The context of an engine of the writer. */
    PutContext context(InFlightBuffer held, PutMetrics measured) {
        // Random numbers add jitter to retries; the generator may be that of the current thread.
        return new PutContext(client, thread, held, measured, () -> ThreadLocalRandom.current()
                .nextLong());
    }
}
