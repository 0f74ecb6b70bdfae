package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.put.InFlightBuffer;
import io.slsdispatch.connector.sink.Failure;
import io.slsdispatch.connector.sink.SinkMessages;
import io.slsdispatch.connector.sink.SinkParts;
import io.slsdispatch.connector.sink.TargetMetrics;
import io.slsdispatch.connector.sink.TaskThread;
import java.time.Duration;
import java.time.InstantSource;

/**
 * The objects that the parts of a writer of many logstores share.
 *
 * @param deadline after which a request counts as failed although the client has not ended it
 * @param budget the memory of the writer
 */
record DynamicParts(
        DynamicSinkConfig config,
        SlsClient client,
        Duration deadline,
        TaskThread thread,
        InstantSource clock,
        InFlightBuffer.Budget budget,
        Failure failure,
        DynamicMetrics metrics,
        DynamicMessages messages) {

    /**
     * What one logstore shares with the others.
     *
     * @param place the logstore in messages
     */
    SinkParts of(LogstoreId logstore, String place, InFlightBuffer buffer, TargetMetrics measured) {
        boolean needsDeadLetters =
                config.onReject() == OnReject.DEAD_LETTER || config.outage().policy() == OnOutage.DEAD_LETTER;
        SinkConfig sink = new SinkConfig(
                config.name(),
                logstore,
                config.scope(),
                config.delivery(),
                config.retry(),
                config.onReject(),
                config.outage(),
                needsDeadLetters ? config.deadLetters() : null,
                config.drainWithin());
        return new SinkParts(
                sink,
                client,
                deadline,
                thread,
                measured,
                buffer,
                failure,
                new SinkMessages(sink, config.name() + ": " + logstore.logstore(), place, clock, messages.failures()));
    }
}
