package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RulesUpdates;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A complete, checked configuration. It holds no secrets, only references to them.
 *
 * @param source the logstore to read
 * @param targets the logstores to write; at least one, with distinct names and logstores
 * @param ruleTable which log group goes to which target; names only existing targets
 * @param rulesUpdates where newer rules come from while the job runs; absent when rules are not reloaded
 * @param execution the settings for Flink
 */
public record JobConfig(
        Source source,
        List<Target> targets,
        RuleTable ruleTable,
        Optional<RulesUpdates> rulesUpdates,
        Execution execution) {

    public JobConfig {
        targets = List.copyOf(targets);
    }

    /**
     * The source: the logstore to read.
     *
     * @param connection how to connect to the service
     * @param start the starting position as written
     * @param config all other settings, with the start resolved to an instant
     */
    public record Source(ConnectionConfig connection, StartingPosition start, SourceConfig config) {

        /** Returns a copy with another configuration. */
        public Source with(SourceConfig other) {
            return new Source(connection, start, other);
        }
    }

    /**
     * A target: a logstore to write.
     *
     * @param connection how to connect to the service
     * @param config all other settings
     */
    public record Target(ConnectionConfig connection, SinkConfig config) {

        /** Unique among the targets. */
        public String name() {
            return config.name();
        }

        /** Returns a copy with another configuration. */
        public Target with(SinkConfig other) {
            return new Target(connection, other);
        }
    }

    /**
     * The settings for Flink.
     *
     * @param name of the job, when one is configured
     * @param checkpointInterval when Flink's own configuration sets none
     * @param checkpointTimeout when Flink's own configuration sets none
     * @param maxParallelism the number of key groups, which a savepoint keeps
     * @param lanes number of partitions, that is subtasks, over which a topic can spread; at most
     *     {@code maxParallelism}
     */
    public record Execution(
            Optional<String> name,
            Duration checkpointInterval,
            Duration checkpointTimeout,
            int maxParallelism,
            int lanes) {}
}
