package io.slsdispatch.job.config.options;

import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore.OnRefusal;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.rules.RuleOptions;
import io.slsdispatch.job.yaml.NamesType;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ScalarType;
import io.slsdispatch.job.yaml.ScalarTypes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What is written, and how. */
public final class TargetOptions {

    private static final Pattern TARGET_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_-]{0,62})");
    private static final Set<String> RESERVED_NAMES = Set.of(RuleOptions.DROP, RuleOptions.FAIL);

    private static final NamesType ERROR_CODES =
            new NamesType("an error code of the service, or a list of them", "Name it once.");

    public static final Option<String> NAME = Option.of(
            "name",
            ScalarTypes.ofName(
                    "a name: 1 to 63 of A-Z, a-z, 0-9, '-' and '_', first a letter or digit, not 'drop' or 'fail'",
                    text -> TARGET_NAME.matcher(text).matches() && !isReserved(text)),
            "the logstore's name",
            "What routes, metrics and messages call the target. Flink knows the target's operator by it.");

    public static final Option<Boolean> DISTINCT_LOGSTORE = Option.withDefault(
            "distinct-logstore",
            ScalarTypes.BOOLEAN,
            "false",
            "Whether the target is another logstore than any of equal project and name at another address, be it the source,"
                    + " another target or that of the rules. Equal project and name mean one logstore otherwise, unless both"
                    + " regions are known ('region', or in the name of a public endpoint) and differ. Write it only for"
                    + " two services with equal names: the job would read again what it writes, without end.");

    public static final Option<Boolean> ORDERED = Option.withDefault(
            "ordered",
            ScalarTypes.BOOLEAN,
            "false",
            "Whether groups of one source shard and topic are written one after the other, to one shard of the target. Costs"
                    + " throughput; without it, requests run side by side and to any shard.");

    public static final Option<Boolean> BATCHING = Option.withDefault(
            "batching",
            ScalarTypes.BOOLEAN,
            "true",
            "Whether groups that wait may share a request. Each group arrives unchanged either way; a target that refuses shared"
                    + " requests is found out and served with single ones.");

    public static final Option<Boolean> CUT_CATEGORY = Option.withDefault(
            "cut-category",
            ScalarTypes.BOOLEAN,
            "false",
            "Whether the field Category, internal to the service, is left out of each group, as the official Java client does."
                    + " Otherwise every byte arrives as it was pulled.");

    public static final Option<Integer> MAX_IN_FLIGHT_REQUESTS = Option.withDefault(
            "max-in-flight-requests",
            ScalarTypes.ofInteger(1),
            "8",
            "How many requests one writer may have under way or waiting to be repeated.");

    public static final Option<Long> MAX_BUFFERED = Option.withDefault(
            "max-buffered",
            ScalarTypes.SIZE,
            "8MiB",
            "How much one writer may hold that is not acknowledged yet; when it is used up, the writer holds back what is before"
                    + " it. More hides slow answers better, costs heap and makes checkpoints wait longer.");

    public static final Option<Duration> RETRY_INITIAL_BACKOFF = Option.withDefault(
            "retry.initial-backoff",
            ScalarTypes.DURATION,
            "100ms",
            "The longest first pause after a failed write; it doubles.");

    public static final Option<Duration> RETRY_MAX_BACKOFF = Option.withDefault(
            "retry.max-backoff", ScalarTypes.DURATION, "10s", "The longest pause between two attempts to write.");

    public static final Option<Optional<Duration>> RETRY_GIVE_UP_AFTER = Option.withDefault(
            "retry.give-up-after",
            new ScalarType<>(
                    "'never' or " + ScalarTypes.DURATION.expectation(),
                    text -> text.equals("never") ? Optional.empty() : Optional.of(ScalarTypes.DURATION.parse(text))),
            "never",
            "How long a request is repeated while the service is unavailable or throttles; then the job fails. With 'never' the"
                    + " job is held back until the service answers.");

    public static final Option<Duration> RETRY_GRACE = Option.withDefault(
            "retry.grace",
            ScalarTypes.DURATION_OR_ZERO,
            "10min",
            "For how long refused credentials and a missing logstore are borne, so that keys can be rotated; then the job fails."
                    + " The same holds for requests that are refused for themselves, such as for a wrong host, and for an error"
                    + " code that is not known while the target accepts nothing.");

    public static final Option<List<String>> RETRY_CODES_ABOUT_GROUP = Option.of(
            "retry.codes-about-group",
            ERROR_CODES,
            "none besides the known ones",
            "Error codes of the target that are about the content of a log group: such a group is rejected at once, and on-reject"
                    + " decides. Of a code that is not known, contrast decides: a group that is refused 5 times while the"
                    + " target accepts others is rejected.");

    public static final Option<List<String>> RETRY_CODES_ABOUT_REQUEST = Option.of(
            "retry.codes-about-request",
            ERROR_CODES,
            "none besides the known ones",
            "Error codes of the target that are about the request or the way to the target: no group is rejected for them. The"
                    + " request is repeated for retry.grace; then the job fails.");

    public static final Option<OnReject> ON_REJECT = Option.withDefault(
            "on-reject",
            ScalarTypes.ofEnum(OnReject.class),
            "fail",
            "What happens to a group that the target will never take: 'fail' stops the job, 'dead-letter' stores it in the"
                    + " dead-letter logstore with the reason, 'drop' forgets it (counted).");

    public static final Option<OnOutage> ON_OUTAGE = Option.withDefault(
            "on-outage",
            ScalarTypes.ofEnum(OnOutage.class),
            "block",
            "What happens to groups while the target takes nothing at all: with 'block' they wait, and when 'max-buffered' is"
                    + " used up, or at the next checkpoint, so does the whole job; with 'dead-letter' they go to the"
                    + " dead-letter logstore, and with 'drop' they are forgotten (counted), so that the other targets go on."
                    + " One group now and then is still tried, until the target is back. Groups that were under way when"
                    + " it began may be in the target, too.");

    public static final Option<Duration> OUTAGE_AFTER = Option.withDefault(
            "outage-after",
            ScalarTypes.DURATION,
            "30s",
            "For how long the target must have taken nothing, although it was asked, before that. Until then its groups wait."
                    + " Choose less than retry.grace and retry.give-up-after, which end the job.");

    public static final Option<String> DEAD_LETTER_PROJECT = Option.of(
            "dead-letter.project",
            ConnectionOptions.PROJECT.type(),
            "the target's project",
            "The project of the dead-letter logstore, at the target's endpoint.");

    public static final Option<String> DEAD_LETTER_LOGSTORE = Option.of(
            "dead-letter.logstore",
            ScalarTypes.ofName("a logstore name", LogstoreId::isLogstoreName),
            "required with 'dead-letter' for on-reject or on-outage",
            "The logstore for groups that the target does not take.");

    public static final Option<OnRefusal> DEAD_LETTER_ON_REFUSAL = Option.withDefault(
            "dead-letter.on-refusal",
            ScalarTypes.ofEnum(OnRefusal.class),
            "fail",
            "What happens to a dead letter that its logstore will never take: 'fail' stops the job, 'drop' forgets it"
                    + " (counted).");

    /** What targets can share. */
    public static final List<Option<?>> SHARED = List.of(
            ORDERED,
            BATCHING,
            CUT_CATEGORY,
            MAX_IN_FLIGHT_REQUESTS,
            MAX_BUFFERED,
            RETRY_INITIAL_BACKOFF,
            RETRY_MAX_BACKOFF,
            RETRY_GIVE_UP_AFTER,
            RETRY_GRACE,
            RETRY_CODES_ABOUT_GROUP,
            RETRY_CODES_ABOUT_REQUEST,
            ON_REJECT,
            ON_OUTAGE,
            OUTAGE_AFTER,
            DEAD_LETTER_PROJECT,
            DEAD_LETTER_LOGSTORE,
            DEAD_LETTER_ON_REFUSAL);

    /** The section of defaults: these and how the service is reached. */
    public static final List<Option<?>> DEFAULTS = Option.all(ConnectionOptions.ALL, SHARED);

    /** A target. */
    public static final List<Option<?>> ALL =
            Option.all(List.of(NAME, SourceOptions.LOGSTORE, DISTINCT_LOGSTORE), DEFAULTS);

    private TargetOptions() {}

    /** Whether a name means something else where targets are named. */
    public static boolean isReserved(String name) {
        return RESERVED_NAMES.contains(name);
    }
}
