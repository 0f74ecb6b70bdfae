package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.task.FlinkTasks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Creation of the consumer group to which the job commits its progress. The job also runs without the group, so a
 * failure here does not fail it: each discovery retries a failed attempt.
 */
final class ConsumerGroupCreation {

    private final EnumeratorEnvironment env;
    private final SourceConfig config;
    private volatile boolean made;

    ConsumerGroupCreation(EnumeratorEnvironment env) {
        this.env = env;
        this.config = env.config();
    }

    /** Creates the group, if one is configured. Coordinator thread; requests run on the worker thread. */
    void start() {
        String group = config.consumerGroup();
        if (group != null) {
            FlinkTasks.callAsync(
                    env.context(),
                    () -> attempt(group),
                    this::attempted,
                    Duration.ZERO,
                    config.discovery().interval());
        }
    }

    private String attempt(String group) throws SlsException {
        if (!made) {
            env.client().createConsumerGroup(config.logstore(), group);
            made = true;
        }
        return group;
    }

    private void attempted(@Nullable String group, @Nullable Throwable error) {
        boolean full = error instanceof SlsException e && e.kind() == ErrorKind.QUOTA_EXCEEDED;
        env.metrics().groupCommitDisabled(full);
        if (full) {
            env.failures()
                    .warn(
                            "limit of consumer groups",
                            error,
                            () -> "Logstore " + config.logstore() + " has reached its limit of consumer groups, so '"
                                    + config.consumerGroup() + "' cannot be created and the service does not show this"
                                    + " job's progress. Delete an unused group; until then, only checkpoints contain the"
                                    + " progress, and each discovery tries again");
        } else if (error != null) {
            env.warn(
                    "consumer group",
                    "Creating consumer group '" + config.consumerGroup() + "' of " + config.logstore(),
                    error,
                    null);
        }
    }
}
