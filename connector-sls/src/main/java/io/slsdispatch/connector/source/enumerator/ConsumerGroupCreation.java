package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.metrics.EnumeratorMetrics;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the consumer group that shows progress to the service. A job without it runs as well, so no failure here ends
 * it: a failed attempt is repeated with every discovery.
 */
final class ConsumerGroupCreation {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerGroupCreation.class);

    private final SplitEnumeratorContext<?> context;
    private final SlsClient client;
    private final SourceConfig config;
    private final EnumeratorMetrics metrics;
    private volatile boolean made;

    ConsumerGroupCreation(
            SplitEnumeratorContext<?> context, SlsClient client, SourceConfig config, EnumeratorMetrics metrics) {
        this.context = context;
        this.client = client;
        this.config = config;
        this.metrics = metrics;
    }

    /** Makes the group, if one is configured, now or later. Coordinator thread; requests are made on the worker's. */
    void start() {
        String group = config.consumerGroup();
        if (group != null) {
            context.callAsync(
                    () -> attempt(group),
                    this::attempted,
                    0,
                    config.discovery().interval().toMillis());
        }
    }

    private String attempt(String group) throws SlsException {
        if (!made) {
            client.createConsumerGroup(config.logstore(), group);
            made = true;
        }
        return group;
    }

    private void attempted(@Nullable String group, @Nullable Throwable error) {
        boolean full = error instanceof SlsException e && e.kind() == ErrorKind.QUOTA_EXCEEDED;
        metrics.groupCommitDisabled(full);
        if (full) {
            LOG.warn(
                    "Logstore {} has as many consumer groups as it may have, so '{}' cannot be made and the service will"
                            + " not show this job's progress. Delete a group that is not in use; until then progress is"
                            + " only in checkpoints",
                    config.logstore(),
                    config.consumerGroup(),
                    error);
        } else if (error != null) {
            LOG.warn("Consumer group '{}' of {} is not made yet", config.consumerGroup(), config.logstore(), error);
        }
    }
}
