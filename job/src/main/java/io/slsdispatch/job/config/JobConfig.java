package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig.Kind;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.SinkConfig.Delivery;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.rules.RulesUpdates;
import io.slsdispatch.job.template.KnownTargets;
import io.slsdispatch.job.template.LogstoreNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A complete, checked configuration. It holds no secrets, only references to them.
 *
 * @param source the logstore to read
 * @param targets the logstores to write, with distinct names and logstores; at least one, or one by template
 * @param templates the targets by template; their names are distinct from those of targets
 * @param ruleTable which log group goes to which target; names only existing targets
 * @param rulesUpdates where newer rules come from while the job runs; absent when rules are not reloaded
 * @param execution the settings for Flink
 */
public record JobConfig(
        Source source,
        List<Target> targets,
        List<Template> templates,
        RuleTable ruleTable,
        Optional<RulesUpdates> rulesUpdates,
        Execution execution) {

    public JobConfig {
        targets = List.copyOf(targets);
        templates = List.copyOf(templates);
    }

    /** All destinations of log groups: the targets, then those by template. */
    public List<Destination> destinations() {
        List<Destination> all = new ArrayList<>(targets);
        all.addAll(templates);
        return all;
    }

    /** The targets as rules know them. */
    public KnownTargets knownTargets() {
        Set<String> names = new LinkedHashSet<>();
        destinations().forEach(target -> names.add(target.name()));
        return known(names, templates);
    }

    /** @param names the names of all targets */
    static KnownTargets known(Set<String> names, List<Template> templates) {
        Map<String, KnownTargets.Template> known = new LinkedHashMap<>();
        templates.forEach(
                template -> known.put(template.name(), new KnownTargets.Template(template.names, template.invalid())));
        return new KnownTargets(names, known);
    }

    /** A target, or a target by template. */
    public sealed interface Destination permits Target, Template {

        /** Unique among all of them. */
        String name();

        /** How to connect to the service. */
        ConnectionConfig connection();

        /** The project of its logstores. */
        String project();

        /** The logstore with its project, or the template in place of its name. */
        String logstoreText();

        /** What happens to a group that the target never accepts. */
        OnReject onReject();

        /** What happens while the target accepts nothing. */
        Outage outage();

        /** Order, batching and limits of the requests. */
        Delivery delivery();

        /** The dead-letter logstore; null for none. */
        @Nullable
        DeadLetterStore deadLetters();
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
    public record Target(ConnectionConfig connection, SinkConfig config) implements Destination {

        @Override
        public String name() {
            return config.name();
        }

        @Override
        public String logstoreText() {
            return config.logstore().toString();
        }

        @Override
        public String project() {
            return config.logstore().project();
        }

        @Override
        public OnReject onReject() {
            return config.onReject();
        }

        @Override
        public Outage outage() {
            return config.outage();
        }

        @Override
        public Delivery delivery() {
            return config.delivery();
        }

        @Override
        public @Nullable DeadLetterStore deadLetters() {
            return config.deadLetters();
        }

        /** Returns a copy with another configuration. */
        public Target with(SinkConfig other) {
            return new Target(connection, other);
        }
    }

    /**
     * A target by template: many logstores of one project.
     *
     * @param connection how to connect to the service
     * @param config all other settings
     * @param names the names of the logstores
     */
    public record Template(ConnectionConfig connection, DynamicSinkConfig config, LogstoreNames names)
            implements Destination {

        @Override
        public String name() {
            return config.name();
        }

        @Override
        public String logstoreText() {
            return config.project() + "/" + names.template();
        }

        @Override
        public String project() {
            return config.project();
        }

        @Override
        public OnReject onReject() {
            return config.onReject();
        }

        @Override
        public Outage outage() {
            return config.outage();
        }

        @Override
        public Delivery delivery() {
            return config.delivery();
        }

        @Override
        public @Nullable DeadLetterStore deadLetters() {
            return config.deadLetters();
        }

        /** Which other logstores it must not write is no setting of the target. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Template that
                    && connection.equals(that.connection)
                    && config.equals(that.config)
                    && names.template().equals(that.names.template());
        }

        @Override
        public int hashCode() {
            return Objects.hash(connection, config, names.template());
        }

        /** Returns a copy with another configuration. */
        public Template with(DynamicSinkConfig other) {
            return new Template(connection, other, names);
        }

        /**
         * What the dispatcher does with a group without a valid name; null when the sink decides. The dispatcher sends
         * the group to another target itself: it then arrives by that target's own sink, in its order.
         */
        private @Nullable DefaultRule invalid() {
            SinkConfig target = config.whenInvalid().target();
            if (target != null) {
                return new DefaultRule.To(target.name());
            }
            return config.whenInvalid().kind() == Kind.FAIL ? new DefaultRule.Fail() : null;
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
