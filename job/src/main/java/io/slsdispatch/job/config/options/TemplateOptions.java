package io.slsdispatch.job.config.options;

import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.job.yaml.NamesType;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ScalarType;
import io.slsdispatch.job.yaml.ScalarTypes;
import java.time.Duration;
import java.time.Period;
import java.util.List;

/**
 * The options of targets by template, in addition to those of all targets: which logstores such a target may write, and
 * what happens to log groups that have no logstore.
 */
public final class TemplateOptions {

    /** Value of {@link #WHEN_MISSING} that creates missing logstores. */
    public static final String CREATE = "create";

    /** Value of the options that decide about groups, which sends them to the dead-letter logstore. */
    public static final String DEAD_LETTER = "dead-letter";

    public static final Option<List<String>> ALLOW = Option.of(
            "allow",
            new NamesType(
                    "a pattern for names of logstores, in which '*' matches any characters and '?' one, or a list of"
                            + " them",
                    "Write it once."),
            "required",
            "Patterns of the logstores that the target may write. With 'when-missing: create', none begins with a wildcard.");

    public static final Option<Integer> MAX_LOGSTORES = Option.withDefault(
            "max-logstores",
            ScalarTypes.ofInteger(1, 10_000),
            "200",
            "Maximum number of logstores that match 'allow', in the whole job, including those that exist. Log groups"
                    + " for further ones go where 'when-invalid' says.");

    public static final Option<String> WHEN_MISSING = Option.of(
            "when-missing",
            ScalarTypes.ofName(
                    "'create', 'fail', 'dead-letter', 'drop', or the name of another target", text -> !text.isEmpty()),
            "required",
            "What happens to log groups whose logstore does not exist: 'create' creates it; 'fail' stops the job,"
                    + " 'dead-letter' stores the groups in the dead-letter logstore, 'drop' drops and counts them, and the"
                    + " name of a target with a logstore of its own sends them there.");

    public static final Option<Integer> CREATE_SHARDS = Option.withDefault(
            "create.shards",
            ScalarTypes.ofInteger(1, LogstoreSettings.MAX_SHARDS),
            "2",
            "Number of shards of a created logstore.");

    public static final Option<Period> CREATE_TTL = Option.withDefault(
            "create.ttl",
            new ScalarType<>("a number of days from 1 d to 3650 d, such as 30 d", TemplateOptions::days),
            "30 d",
            "How long a created logstore keeps its data, in whole days; 3650 d keeps it forever.");

    public static final Option<Boolean> CREATE_AUTO_SPLIT = Option.withDefault(
            "create.auto-split",
            ScalarTypes.BOOLEAN,
            "true",
            "Whether the service splits the shards of a created logstore when they are busy.");

    public static final Option<Integer> CREATE_MAX_SPLIT_SHARDS = Option.withDefault(
            "create.max-split-shards",
            ScalarTypes.ofInteger(1, LogstoreSettings.MAX_SPLIT_SHARDS),
            "64",
            "Number of shards up to which the service splits a created logstore.");

    public static final Option<String> CREATE_ON_FAILURE = Option.of(
            "create.on-failure",
            ScalarTypes.ofName(
                    "'fail', 'dead-letter', 'drop', or the name of another target", TemplateOptions::isDecision),
            "required with 'when-missing: create'",
            "What happens to log groups whose logstore cannot be created, accepts no writes within a quarter of"
                    + " checkpoint-timeout, or was deleted less than 'recreate-after' ago. The values are those of"
                    + " 'when-missing', except 'create'.");

    public static final Option<Duration> RECREATE_AFTER = Option.withDefault(
            "recreate-after",
            ScalarTypes.DURATION,
            "1 h",
            "How long a logstore that the job has written and that was deleted is not created again: an operator"
                    + " deleted it.");

    public static final Option<String> WHEN_INVALID = Option.of(
            "when-invalid",
            ScalarTypes.ofName(
                    "'fail', 'dead-letter', 'drop', or the name of another target", TemplateOptions::isDecision),
            "required",
            "What happens to log groups without a valid logstore: the template makes no valid name, 'allow' does not"
                    + " permit it, the job uses the logstore for something else, or there are more than 'max-logstores'."
                    + " The values are those of 'when-missing', except 'create'.");

    public static final Option<Duration> LINGER = Option.withDefault(
            "linger",
            new ScalarType<>("a duration from 0 s to 1 s, such as 200 ms", TemplateOptions::linger),
            "200 ms",
            "How long a log group may wait for others of its logstore, to share a request. Longer costs latency and"
                    + " makes fewer, larger requests when groups are spread over many logstores.");

    /** All options that only a target by template has. */
    public static final List<Option<?>> ALL = List.of(
            ALLOW,
            MAX_LOGSTORES,
            WHEN_MISSING,
            CREATE_SHARDS,
            CREATE_TTL,
            CREATE_AUTO_SPLIT,
            CREATE_MAX_SPLIT_SHARDS,
            CREATE_ON_FAILURE,
            RECREATE_AFTER,
            WHEN_INVALID,
            LINGER);

    /** The options that apply only with {@code when-missing: create}. */
    public static final List<Option<?>> OF_CREATION = List.of(
            CREATE_SHARDS, CREATE_TTL, CREATE_AUTO_SPLIT, CREATE_MAX_SPLIT_SHARDS, CREATE_ON_FAILURE, RECREATE_AFTER);

    private TemplateOptions() {}

    private static boolean isDecision(String text) {
        return !text.isEmpty() && !text.equals(CREATE);
    }

    private static Duration linger(String text) {
        Duration linger = ScalarTypes.DURATION_OR_ZERO.parse(text);
        if (linger.compareTo(DynamicSinkConfig.MAX_LINGER) > 0) {
            throw new IllegalArgumentException("it is longer than " + Durations.text(DynamicSinkConfig.MAX_LINGER));
        }
        return linger;
    }

    private static Period days(String text) {
        Duration time = ScalarTypes.DURATION.parse(text);
        if (!time.equals(Duration.ofDays(time.toDays()))) {
            throw new IllegalArgumentException("it is not a whole number of days");
        }
        if (time.toDays() > LogstoreSettings.MAX_TTL_DAYS) {
            throw new IllegalArgumentException("it is longer than 3650 d");
        }
        return Period.ofDays((int) time.toDays());
    }
}
