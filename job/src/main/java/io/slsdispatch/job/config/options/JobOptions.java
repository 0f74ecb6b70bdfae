package io.slsdispatch.job.config.options;

import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.job.rules.RuleOptions;
import io.slsdispatch.job.rules.RulesLocation;
import io.slsdispatch.job.yaml.ConfigNode;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ScalarType;
import io.slsdispatch.job.yaml.ScalarTypes;
import io.slsdispatch.job.yaml.ValueType;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/** The options at the top of the file. */
public final class JobOptions {

    /** The largest number of key groups that Flink knows. */
    private static final int MAX_PARALLELISM_OF_FLINK = 32_768;

    public static final Option<String> NAME = Option.of(
            "name",
            ScalarTypes.TEXT,
            "sls-dispatch PROJECT/LOGSTORE of the source",
            "Name of the job, as Flink shows it. Flink's own 'pipeline.name' holds when this is not given.");

    public static final Option<ZoneId> TIME_ZONE = Option.withDefault(
            "time-zone",
            new ScalarType<>("a time zone such as UTC, Asia/Shanghai or +08:00", JobOptions::zone),
            "UTC",
            "The zone of times in this file that do not name one.");

    public static final Option<Duration> CHECKPOINT_INTERVAL = Option.withDefault(
            "checkpoint-interval",
            ScalarTypes.DURATION,
            "10s",
            "How often Flink takes a checkpoint, when Flink's own 'execution.checkpointing.interval' is not set. Shorter"
                    + " repeats less after a failure and shows progress to the service sooner; each checkpoint waits until"
                    + " all that was sent is acknowledged.");

    public static final Option<Duration> CHECKPOINT_TIMEOUT = Option.withDefault(
            "checkpoint-timeout",
            ScalarTypes.DURATION,
            "1min",
            "How long a checkpoint or savepoint may take, when Flink's own 'execution.checkpointing.timeout' is not set. Each"
                    + " target is given so little at a time that, at the rate at which it takes groups, it has taken"
                    + " everything in a quarter of this. While a target takes nothing, a savepoint fails after this time.");

    public static final Option<Integer> MAX_PARALLELISM = Option.withDefault(
            "max-parallelism",
            ScalarTypes.ofInteger(1, MAX_PARALLELISM_OF_FLINK),
            "720",
            "The most subtasks that the job can ever be scaled to. A savepoint keeps it: it cannot be changed later. A"
                    + " multiple of every likely parallelism spreads the work evenly.");

    public static final Option<ConfigNode> SOURCE =
            Option.of("source", ValueType.ofNode("a group of keys"), "required", "The logstore that is read.");

    public static final Option<ConfigNode> DEFAULTS = Option.of(
            "defaults",
            ValueType.ofNode("a group of keys"),
            "none",
            "What holds for every target that does not say it itself.");

    public static final Option<ConfigNode> TARGETS =
            Option.of("targets", ValueType.ofNode("a list"), "required", "The logstores that are written.");

    public static final Option<RulesLocation> RULES_FROM = Option.of(
            "rules.from",
            new ScalarType<>(
                    "an absolute path, an http or https address, or sls://PROJECT/LOGSTORE", RulesLocation::parse),
            "the rules stand in this file and stay as they are",
            "Where the rules stand instead of here: a YAML file with 'routes', 'default-route' and, if need be,"
                    + " 'dispatch.on-malformed', as they would stand here. Or a logstore, as sls://PROJECT/LOGSTORE or"
                    + " sls://PROJECT/LOGSTORE?topic=TOPIC, at the source's endpoint: the newest log there with the field"
                    + " 'rules' holds that text. It is read where the job is submitted, and again"
                    + " and again by the JobManager: a version that can be used replaces the one before while the job runs,"
                    + " between two checkpoints.");

    public static final Option<CredentialsConfig> RULES_CREDENTIALS = Option.of(
            "rules.credentials",
            new CredentialsType(),
            "the source's",
            "Where the credentials for a logstore of rules are found.");

    public static final Option<Duration> RULES_POLL_INTERVAL = Option.withDefault(
            "rules.poll-interval",
            ScalarTypes.DURATION,
            "10s",
            "How often the JobManager looks for new rules there. They hold from the next checkpoint on.");

    public static final Option<Integer> LANES = Option.withDefault(
            "dispatch.lanes",
            ScalarTypes.ofInteger(1, MAX_PARALLELISM_OF_FLINK),
            "64",
            "Over how many subtasks one topic can spread: its groups from the source shards are dealt out to so many lanes,"
                    + " and these evenly to the subtasks, whatever their number. 1 brings all groups of a topic to one subtask."
                    + " Never more than max-parallelism. With unaligned checkpoints, change it only together with a"
                    + " savepoint: groups in flight would be lost.");

    public static final List<Option<?>> ALL = List.of(
            NAME,
            TIME_ZONE,
            CHECKPOINT_INTERVAL,
            CHECKPOINT_TIMEOUT,
            MAX_PARALLELISM,
            SOURCE,
            DEFAULTS,
            TARGETS,
            RULES_FROM,
            RULES_CREDENTIALS,
            RULES_POLL_INTERVAL,
            RuleOptions.ROUTES,
            RuleOptions.DEFAULT_ROUTE,
            LANES,
            RuleOptions.ON_MALFORMED);

    private JobOptions() {}

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
