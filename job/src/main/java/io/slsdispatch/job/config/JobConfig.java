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
 * A whole configuration, checked. Holds no secret, only where secrets are found.
 *
 * @param source what is read
 * @param targets what is written; at least one, names and logstores all different
 * @param ruleTable which log group goes to which target; names only targets that are there
 * @param rulesUpdates where newer rules come from while the job runs; absent when these stay
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
     * What is read.
     *
     * @param connection how the service is reached
     * @param start where to begin, as it was written
     * @param config everything else, with the start frozen to a moment
     */
    public record Source(ConnectionConfig connection, StartingPosition start, SourceConfig config) {

        /** The same with another configuration. */
        public Source with(SourceConfig other) {
            return new Source(connection, start, other);
        }
    }

    /**
     * A logstore that is written.
     *
     * @param connection how the service is reached
     * @param config everything else
     */
    public record Target(ConnectionConfig connection, SinkConfig config) {

        /** Unique among the targets. */
        public String name() {
            return config.name();
        }

        /** The same with another configuration. */
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
     * @param lanes over how many subtasks a topic can spread; at most {@code maxParallelism}
     */
    public record Execution(
            Optional<String> name,
            Duration checkpointInterval,
            Duration checkpointTimeout,
            int maxParallelism,
            int lanes) {}
}
