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

/** The top-level options of the file. */
public final class JobOptions {

    /** The largest number of key groups that Flink supports. */
    private static final int MAX_PARALLELISM_OF_FLINK = 32_768;

    public static final Option<String> NAME = Option.of(
            "name",
            ScalarTypes.TEXT,
            "sls-dispatch PROJECT/LOGSTORE of the source",
            "Name of the job in Flink. Without it, Flink's own 'pipeline.name' applies.");

    public static final Option<ZoneId> TIME_ZONE = Option.withDefault(
            "time-zone",
            new ScalarType<>("a time zone such as UTC, Asia/Shanghai or +08:00", JobOptions::zone),
            "UTC",
            "Time zone of times in this file that do not name one.");

    public static final Option<Duration> CHECKPOINT_INTERVAL = Option.withDefault(
            "checkpoint-interval",
            ScalarTypes.DURATION,
            "10 s",
            "How often Flink takes a checkpoint, unless Flink's own 'execution.checkpointing.interval' is set. A"
                    + " shorter interval repeats less after a failure and shows progress to the service sooner; each"
                    + " checkpoint waits until all groups in flight are acknowledged.");

    public static final Option<Duration> CHECKPOINT_TIMEOUT = Option.withDefault(
            "checkpoint-timeout",
            ScalarTypes.DURATION,
            "1 min",
            "How long a checkpoint or savepoint may take, unless Flink's own 'execution.checkpointing.timeout' is set."
                    + " Each writer holds only as much as its target accepts in a quarter of this time, at its current"
                    + " rate. While a target accepts nothing, a savepoint fails after this time.");

    public static final Option<Integer> MAX_PARALLELISM = Option.withDefault(
            "max-parallelism",
            ScalarTypes.ofInteger(1, MAX_PARALLELISM_OF_FLINK),
            "720",
            "Upper limit of the parallelism. Savepoints contain it, so it cannot be changed later. A multiple of"
                    + " every likely parallelism spreads the work evenly.");

    public static final Option<ConfigNode> SOURCE =
            Option.of("source", ValueType.ofNode("a mapping"), "required", "The source: the logstore to read.");

    public static final Option<ConfigNode> DEFAULTS = Option.of(
            "defaults",
            ValueType.ofNode("a mapping"),
            "none",
            "Options for every target that does not set them itself.");

    public static final Option<ConfigNode> TARGETS =
            Option.of("targets", ValueType.ofNode("a list"), "required", "The targets: the logstores to write.");

    public static final Option<RulesLocation> RULES_FROM = Option.of(
            "rules.from",
            new ScalarType<>(
                    "an absolute path, an http or https address, or sls://PROJECT/LOGSTORE", RulesLocation::parse),
            "the rules are in this file and do not change",
            "Location of the rules, instead of this file: a YAML file or address with 'routes', 'default-route' and"
                    + " optionally 'dispatch.on-malformed', in the same form. Or a logstore, as sls://PROJECT/LOGSTORE"
                    + " or sls://PROJECT/LOGSTORE?topic=TOPIC, at the source's endpoint: the newest log with the field"
                    + " 'rules' contains that text. It is read at submission and then repeatedly by the JobManager: a"
                    + " valid version replaces the previous one while the job runs, between two checkpoints.");

    public static final Option<CredentialsConfig> RULES_CREDENTIALS = Option.of(
            "rules.credentials",
            new CredentialsType(),
            "the source's",
            "Where the credentials for a logstore of rules are.");

    public static final Option<Duration> RULES_POLL_INTERVAL = Option.withDefault(
            "rules.poll-interval",
            ScalarTypes.DURATION,
            "10 s",
            "How often the JobManager looks for new rules. They apply from the next checkpoint on.");

    public static final Option<Integer> LANES = Option.withDefault(
            "dispatch.lanes",
            ScalarTypes.ofInteger(1, MAX_PARALLELISM_OF_FLINK),
            "64",
            "Over how many subtasks one topic can spread: its groups are distributed by source shard to this many"
                    + " lanes, and the lanes evenly to the subtasks, whatever their number. With 1, all groups of a topic go"
                    + " to one subtask. At most max-parallelism. With unaligned checkpoints, change it only together with a"
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

    private static final List<Option<?>> OF_OTHERS =
            List.of(SOURCE, DEFAULTS, TARGETS, RuleOptions.ROUTES, RuleOptions.DEFAULT_ROUTE, RuleOptions.ON_MALFORMED);

    /** The options that are neither a section nor part of the rules. */
    public static final List<Option<?>> OWN =
            ALL.stream().filter(option -> !OF_OTHERS.contains(option)).toList();

    private JobOptions() {}

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
