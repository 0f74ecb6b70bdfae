package io.slsdispatch.job.config.options;

import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore.OnRefusal;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.job.rules.RuleOptions;
import io.slsdispatch.job.template.NameTemplate;
import io.slsdispatch.job.yaml.NamesType;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ScalarType;
import io.slsdispatch.job.yaml.ScalarTypes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The options of targets: what to write, and how. */
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
            "Name of the target in rules, metrics and messages. It identifies the target's operator in Flink.");

    public static final Option<String> LOGSTORE = Option.of(
            "logstore",
            new ScalarType<>(
                    "a logstore name: 2 to 63 of a-z, 0-9, '-' and '_', first and last a letter or digit; or a template"
                            + " with {topic}, {source} or {tag:NAME}, such as '{topic}-logs'",
                    TargetOptions::logstore),
            "required",
            "The logstore. With a placeholder, '{topic}', '{source}' or '{tag:NAME}', the target writes to a logstore for"
                    + " each value; quote it, because YAML gives braces another meaning. Such a target by template needs"
                    + " 'name', 'allow', 'when-missing', 'when-invalid', 'on-reject' and 'on-outage'.");

    public static final Option<Boolean> DISTINCT_LOGSTORE = Option.withDefault(
            "distinct-logstore",
            ScalarTypes.BOOLEAN,
            "false",
            "Whether the target differs from a source, target or rules logstore with equal project and name at"
                    + " another address. Otherwise equal project and name mean one logstore, unless both regions are known"
                    + " ('region', or from the name of a public endpoint) and differ. Set this only for two services with"
                    + " equal names: if they are one, the job reads its own output endlessly.");

    public static final Option<Boolean> ORDERED = Option.withDefault(
            "ordered",
            ScalarTypes.BOOLEAN,
            "false",
            "Whether groups of one source shard and topic are written one after the other, to one shard of the"
                    + " target. This costs throughput; without it, requests run in parallel and to any shard.");

    public static final Option<Boolean> BATCHING = Option.withDefault(
            "batching",
            ScalarTypes.BOOLEAN,
            "true",
            "Whether waiting groups may share a request. Each group arrives unchanged either way; a target that"
                    + " rejects shared requests is detected and receives single groups.");

    public static final Option<Boolean> CUT_CATEGORY = Option.withDefault(
            "cut-category",
            ScalarTypes.BOOLEAN,
            "false",
            "Whether the field Category, internal to the service, is removed from each group, as the official"
                    + " Java client does. Otherwise every byte arrives as it was pulled.");

    public static final Option<Compression> COMPRESSION = Option.withDefault(
            "compression",
            ScalarTypes.ofEnum(Compression.class),
            "lz4",
            "How groups are compressed for the target: 'zstd' needs fewer bytes on the network than 'lz4', and more"
                    + " processor time. With targets of both kinds, groups for those with zstd are compressed twice. A"
                    + " target that does not accept zstd is detected, logged once, and receives LZ4.");

    public static final Option<Integer> COMPRESSION_LEVEL = Option.withDefault(
            "compression-level",
            ScalarTypes.ofInteger(CompressionConfig.MIN_LEVEL, CompressionConfig.MAX_LEVEL),
            Integer.toString(CompressionConfig.DEFAULT_LEVEL),
            "With 'compression: zstd': a higher level takes more processor time and produces fewer bytes. If all targets"
                    + " have zstd, each group is compressed once, at the highest of their levels.");

    public static final Option<Integer> MAX_IN_FLIGHT_REQUESTS = Option.withDefault(
            "max-in-flight-requests",
            ScalarTypes.ofInteger(1),
            "8",
            "Maximum number of requests of one writer that are in flight or wait for a retry.");

    public static final Option<Long> MAX_BUFFERED = Option.withDefault(
            "max-buffered",
            ScalarTypes.SIZE,
            "8MiB",
            "Bytes that one writer may hold without acknowledgement; when they are used up, the writer holds back the"
                    + " job. A higher value hides slow responses, costs heap and makes checkpoints wait longer.");

    public static final Option<Duration> RETRY_INITIAL_BACKOFF = Option.withDefault(
            "retry.initial-backoff",
            ScalarTypes.DURATION,
            "100 ms",
            "Initial back-off after a failed write (upper bound; it doubles with each failure).");

    public static final Option<Duration> RETRY_MAX_BACKOFF = Option.withDefault(
            "retry.max-backoff", ScalarTypes.DURATION, "10 s", "Largest back-off between two attempts to write.");

    public static final Option<Optional<Duration>> RETRY_GIVE_UP_AFTER = Option.withDefault(
            "retry.give-up-after",
            new ScalarType<>(
                    "'never' or " + ScalarTypes.DURATION.expectation(),
                    text -> text.equals("never") ? Optional.empty() : Optional.of(ScalarTypes.DURATION.parse(text))),
            "never",
            "How long a request is retried while the service is unavailable or throttles; then the job fails."
                    + " With 'never' the job waits until the service answers.");

    public static final Option<Duration> RETRY_GRACE = Option.withDefault(
            "retry.grace",
            ScalarTypes.DURATION_OR_ZERO,
            "10 min",
            "How long rejected credentials and a missing logstore are retried, so that keys can be rotated; then"
                    + " the job fails. The same applies to errors that are about the request, such as a wrong host, and to"
                    + " an unknown error code while the target accepts nothing.");

    public static final Option<List<String>> RETRY_CODES_ABOUT_GROUP = Option.of(
            "retry.codes-about-group",
            ERROR_CODES,
            "none besides the known ones",
            "Further error codes that are about the content of a log group: such a group is rejected at once, and"
                    + " on-reject decides. For an unknown code, a group counts as rejected after 5 failures while the target"
                    + " accepts other groups.");

    public static final Option<List<String>> RETRY_CODES_ABOUT_REQUEST = Option.of(
            "retry.codes-about-request",
            ERROR_CODES,
            "none besides the known ones",
            "Further error codes that are about the request or the way to the target: they reject no group. The"
                    + " request is retried for retry.grace; then the job fails.");

    public static final Option<OnReject> ON_REJECT = Option.withDefault(
            "on-reject",
            ScalarTypes.ofEnum(OnReject.class),
            "fail",
            "What happens to a group that the target will never accept: 'fail' stops the job, 'dead-letter'"
                    + " stores it in the dead-letter logstore with the reason, 'drop' drops and counts it.");

    public static final Option<OnOutage> ON_OUTAGE = Option.withDefault(
            "on-outage",
            ScalarTypes.ofEnum(OnOutage.class),
            "block",
            "What happens to groups while the target accepts nothing: with 'block' they wait, and when 'max-buffered'"
                    + " is used up, or at the next checkpoint, so does the whole job; with 'dead-letter' they go to the"
                    + " dead-letter logstore, and with 'drop' they are dropped and counted, so that the other targets"
                    + " continue. A single group is tried from time to time, until the target is back. Groups that were"
                    + " in flight when the outage began may be in the target, too. A local failure, such as missing"
                    + " memory, name resolution or credentials, is not an outage: groups wait.");

    public static final Option<Duration> OUTAGE_AFTER = Option.withDefault(
            "outage-after",
            ScalarTypes.DURATION,
            "30 s",
            "How long the target must accept nothing, although it receives requests, before on-outage applies."
                    + " Until then its groups wait. Choose less than retry.grace and retry.give-up-after, which end the job.");

    public static final Option<String> DEAD_LETTER_PROJECT = Option.of(
            "dead-letter.project",
            ConnectionOptions.PROJECT.type(),
            "the target's project",
            "Project of the dead-letter logstore, at the target's endpoint.");

    public static final Option<String> DEAD_LETTER_LOGSTORE = Option.of(
            "dead-letter.logstore",
            ScalarTypes.ofName("a logstore name", LogstoreId::isLogstoreName),
            "required if on-reject or on-outage is 'dead-letter'",
            "Logstore for groups that the target does not accept.");

    public static final Option<OnRefusal> DEAD_LETTER_ON_REFUSAL = Option.withDefault(
            "dead-letter.on-refusal",
            ScalarTypes.ofEnum(OnRefusal.class),
            "fail",
            "What happens to a dead letter that its logstore will never accept: 'fail' stops the job, 'drop'"
                    + " drops and counts it.");

    /** The options that targets can share. */
    public static final List<Option<?>> SHARED = List.of(
            ORDERED,
            BATCHING,
            CUT_CATEGORY,
            COMPRESSION,
            COMPRESSION_LEVEL,
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

    /** All options of the section {@code defaults}: these and the connection. */
    public static final List<Option<?>> DEFAULTS = Option.all(ConnectionOptions.ALL, SHARED);

    /** All options of a target. */
    public static final List<Option<?>> ALL = Option.all(List.of(NAME, LOGSTORE, DISTINCT_LOGSTORE), DEFAULTS);

    /** All options of an entry of {@code targets}: of a target, or of one by template. */
    public static final List<Option<?>> ALL_WITH_TEMPLATES = Option.all(ALL, TemplateOptions.ALL);

    private TargetOptions() {}

    private static String logstore(String text) {
        if (NameTemplate.isTemplate(text)) {
            NameTemplate.parse(text);
        } else if (!LogstoreId.isLogstoreName(text)) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    /** Whether a name has another meaning in a list of targets. */
    public static boolean isReserved(String name) {
        return RESERVED_NAMES.contains(name);
    }
}
