package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.CredentialsConfig;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/** The options at the top of the file. */
final class JobOptions {

    /** The largest number of key groups that Flink knows. */
    private static final int MAX_PARALLELISM_OF_FLINK = 32_768;

    /** How {@link #DEFAULT_ROUTE} and a rule's {@code to} say that groups are dropped. */
    static final String DROP = "drop";

    /** How {@link #DEFAULT_ROUTE} and {@link #ON_MALFORMED} say that the job fails. */
    static final String FAIL = "fail";

    static final Option<String> NAME = Option.of(
            "name",
            TextValue.TEXT,
            "sls-dispatch PROJECT/LOGSTORE of the source",
            "Name of the job, as Flink shows it. Flink's own 'pipeline.name' holds when this is not given.");

    static final Option<ZoneId> TIME_ZONE = Option.withDefault(
            "time-zone",
            new TextValue<>("a time zone such as UTC, Asia/Shanghai or +08:00", JobOptions::zone),
            "UTC",
            "The zone of times in this file that do not name one.");

    static final Option<Duration> CHECKPOINT_INTERVAL = Option.withDefault(
            "checkpoint-interval",
            Quantity.DURATION,
            "10s",
            "How often Flink takes a checkpoint, when Flink's own 'execution.checkpointing.interval' is not set. Shorter"
                    + " repeats less after a failure and shows progress to the service sooner; each checkpoint waits until"
                    + " all that was sent is acknowledged.");

    static final Option<Duration> CHECKPOINT_TIMEOUT = Option.withDefault(
            "checkpoint-timeout",
            Quantity.DURATION,
            "1min",
            "How long a checkpoint or savepoint may take, when Flink's own 'execution.checkpointing.timeout' is not set. Each"
                    + " target is given so little at a time that, at the rate at which it takes groups, it has taken"
                    + " everything in a quarter of this. While a target takes nothing, a savepoint fails after this time.");

    static final Option<Integer> MAX_PARALLELISM = Option.withDefault(
            "max-parallelism",
            TextValue.ofInteger(1, MAX_PARALLELISM_OF_FLINK),
            "720",
            "The most subtasks that the job can ever be scaled to. A savepoint keeps it: it cannot be changed later. A"
                    + " multiple of every likely parallelism spreads the work evenly.");

    static final Option<ConfigNode> SOURCE =
            Option.of("source", new NodeType("a group of keys"), "required", "The logstore that is read.");

    static final Option<ConfigNode> DEFAULTS = Option.of(
            "defaults",
            new NodeType("a group of keys"),
            "none",
            "What holds for every target that does not say it itself.");

    static final Option<ConfigNode> TARGETS =
            Option.of("targets", new NodeType("a list"), "required", "The logstores that are written.");

    static final Option<RulesLocation> RULES_FROM = Option.of(
            "rules.from",
            new TextValue<>(
                    "an absolute path, an http or https address, or sls://PROJECT/LOGSTORE", RulesLocation::parse),
            "the rules stand in this file and stay as they are",
            "Where the rules stand instead of here: a YAML file with 'routes', 'default-route' and, if need be,"
                    + " 'dispatch.on-malformed', as they would stand here. Or a logstore, as sls://PROJECT/LOGSTORE or"
                    + " sls://PROJECT/LOGSTORE?topic=TOPIC, at the source's endpoint: the newest log there with the field"
                    + " 'rules' holds that text. It is read where the job is submitted, and again"
                    + " and again by the JobManager: a version that can be used replaces the one before while the job runs,"
                    + " between two checkpoints.");

    static final Option<CredentialsConfig> RULES_CREDENTIALS = Option.of(
            "rules.credentials",
            new CredentialsType(),
            "the source's",
            "Where the credentials for a logstore of rules are found.");

    static final Option<Duration> RULES_POLL_INTERVAL = Option.withDefault(
            "rules.poll-interval",
            Quantity.DURATION,
            "10s",
            "How often the JobManager looks for new rules there. They hold from the next checkpoint on.");

    static final Option<ConfigNode> ROUTES = Option.of(
            "routes",
            new NodeType("a list"),
            "required without rules.from",
            "The rules, in order: the first that matches a log group says where it goes.");

    static final Option<String> DEFAULT_ROUTE = Option.of(
            "default-route",
            TextValue.ofName("'drop', 'fail', or the name of a target", text -> !text.isEmpty()),
            "required without rules.from",
            "What happens to log groups that no rule matches: 'drop' forgets them (counted in unmatchedGroups and"
                    + " droppedGroups), 'fail' stops the job before them, the name of a target sends them there.");

    static final Option<Integer> LANES = Option.withDefault(
            "dispatch.lanes",
            TextValue.ofInteger(1, MAX_PARALLELISM_OF_FLINK),
            "64",
            "Over how many subtasks one topic can spread: its groups from the source shards are dealt out to so many lanes,"
                    + " and these evenly to the subtasks, whatever their number. 1 brings all groups of a topic to one subtask."
                    + " Never more than max-parallelism. With unaligned checkpoints, change it only together with a"
                    + " savepoint: groups in flight would be lost.");

    static final Option<String> ON_MALFORMED = Option.withDefault(
            "dispatch.on-malformed",
            TextValue.ofName("'fail' or the name of a target", text -> !text.isEmpty() && !text.equals(DROP)),
            FAIL,
            "What happens to a log group whose bytes cannot be read, since they are no valid protobuf message or nested too"
                    + " deep: 'fail' stops the job before it, the name of a target sends it there unchanged. The same for"
                    + " one of which only the source or a tag that a rule asks for cannot be read.");

    static final List<Option<?>> ALL = List.of(
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
            ROUTES,
            DEFAULT_ROUTE,
            LANES,
            ON_MALFORMED);

    /** What a file of rules holds, or the file itself where it names none. */
    static final List<Option<?>> RULES = List.of(ROUTES, DEFAULT_ROUTE, ON_MALFORMED);

    private JobOptions() {}

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
