package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.model.LogstoreId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What is written, and how. */
final class TargetOptions {

    private static final Pattern TARGET_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_-]{0,62})");
    private static final Set<String> RESERVED_NAMES = Set.of(JobOptions.DROP, JobOptions.FAIL);

    static final Option<String> NAME = Option.of(
            "name",
            TextValue.ofName(
                    "a name: 1 to 63 of A-Z, a-z, 0-9, '-' and '_', first a letter or digit, not 'drop' or 'fail'",
                    text -> TARGET_NAME.matcher(text).matches() && !isReserved(text)),
            "the logstore's name",
            "What routes, metrics and messages call the target. Flink knows the target's operator by it.");

    static final Option<Boolean> ORDERED = Option.withDefault(
            "ordered",
            TextValue.BOOLEAN,
            "false",
            "Whether groups of one source shard and topic are written one after the other, to one shard of the target. Costs"
                    + " throughput; without it, requests run side by side and to any shard.");

    static final Option<Boolean> BATCHING = Option.withDefault(
            "batching",
            TextValue.BOOLEAN,
            "true",
            "Whether groups that wait may share a request. Each group arrives unchanged either way; a target that refuses shared"
                    + " requests is found out and served with single ones.");

    static final Option<Boolean> CUT_CATEGORY = Option.withDefault(
            "cut-category",
            TextValue.BOOLEAN,
            "false",
            "Whether the field Category, internal to the service, is left out of each group, as the official Java client does."
                    + " Otherwise every byte arrives as it was pulled.");

    static final Option<Integer> MAX_IN_FLIGHT_REQUESTS = Option.withDefault(
            "max-in-flight-requests",
            TextValue.ofInteger(1),
            "8",
            "How many requests one writer may have under way or waiting to be repeated.");

    static final Option<Long> MAX_BUFFERED = Option.withDefault(
            "max-buffered",
            Quantity.SIZE,
            "8MiB",
            "How much one writer may hold that is not acknowledged yet; when it is used up, the writer holds back what is before"
                    + " it. More hides slow answers better, costs heap and makes checkpoints wait longer.");

    static final Option<Duration> RETRY_INITIAL_BACKOFF = Option.withDefault(
            "retry.initial-backoff",
            Quantity.DURATION,
            "100ms",
            "The longest first pause after a failed write; it doubles.");

    static final Option<Duration> RETRY_MAX_BACKOFF = Option.withDefault(
            "retry.max-backoff", Quantity.DURATION, "10s", "The longest pause between two attempts to write.");

    static final Option<Optional<Duration>> RETRY_GIVE_UP_AFTER = Option.withDefault(
            "retry.give-up-after",
            new TextValue<>(
                    "'never' or " + Quantity.DURATION.expectation(),
                    text -> text.equals("never") ? Optional.empty() : Optional.of(Quantity.DURATION.parse(text))),
            "never",
            "How long a request is repeated while the service is unavailable or throttles; then the job fails. With 'never' the"
                    + " job is held back until the service answers.");

    static final Option<Duration> RETRY_GRACE = Option.withDefault(
            "retry.grace",
            Quantity.DURATION_OR_ZERO,
            "10min",
            "For how long refused credentials and a missing logstore are borne, so that keys can be rotated; then the job fails.");

    static final Option<OnReject> ON_REJECT = Option.withDefault(
            "on-reject",
            TextValue.ofEnum(OnReject.class),
            "fail",
            "What happens to a group that the target will never take: 'fail' stops the job, 'dead-letter' writes it unchanged to"
                    + " the dead-letter logstore, 'drop' forgets it (counted).");

    static final Option<String> DEAD_LETTER_PROJECT = Option.of(
            "dead-letter.project",
            ConnectionOptions.PROJECT.type(),
            "the target's project",
            "The project of the dead-letter logstore, at the target's endpoint.");

    static final Option<String> DEAD_LETTER_LOGSTORE = Option.of(
            "dead-letter.logstore",
            TextValue.ofName("a logstore name", LogstoreId::isLogstoreName),
            "required with 'on-reject: dead-letter'",
            "The logstore for groups that the target will never take.");

    /** What targets can share. */
    static final List<Option<?>> SHARED = List.of(
            ORDERED,
            BATCHING,
            CUT_CATEGORY,
            MAX_IN_FLIGHT_REQUESTS,
            MAX_BUFFERED,
            RETRY_INITIAL_BACKOFF,
            RETRY_MAX_BACKOFF,
            RETRY_GIVE_UP_AFTER,
            RETRY_GRACE,
            ON_REJECT,
            DEAD_LETTER_PROJECT,
            DEAD_LETTER_LOGSTORE);

    private TargetOptions() {}

    /** Whether a name means something else where targets are named. */
    static boolean isReserved(String name) {
        return RESERVED_NAMES.contains(name);
    }
}
