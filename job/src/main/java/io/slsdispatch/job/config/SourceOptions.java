package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.model.LogstoreId;
import java.time.Duration;
import java.util.List;

/** What is read, from where to where, and how. */
final class SourceOptions {

    private static final TextValue<String> GROUP =
            TextValue.ofPattern("a consumer group: 1 to 128 of A-Z, a-z, 0-9, '-' and '_'", "[0-9A-Za-z_-]{1,128}");

    static final Option<String> LOGSTORE = Option.of(
            "logstore",
            TextValue.ofName(
                    "a logstore name: 2 to 63 of a-z, 0-9, '-' and '_', first and last a letter or digit",
                    LogstoreId::isLogstoreName),
            "required",
            "The logstore.");

    static final Option<String> CONSUMER_GROUP = Option.of(
            "consumer-group",
            GROUP,
            "progress is not shown",
            "The consumer group in which progress is shown to the service after each checkpoint, so that its console and alarms"
                    + " see the lag. It is created when it is missing. What is read again after a failure depends on Flink's"
                    + " checkpoints, not on the group. With unaligned checkpoints nothing is written to it.");

    static final Option<StartText> START = Option.withDefault(
            "start",
            StartText.START,
            "begin",
            "Where to begin when neither a checkpoint nor a savepoint says: 'begin' is the oldest data, 'end' only what comes"
                    + " from now on, 'group' where the consumer group stands, a time what was received from then on.");

    static final Option<String> START_GROUP = Option.of(
            "start-group", GROUP, "the consumer-group", "With 'start: group': the consumer group to continue from.");

    static final Option<StartText> START_FALLBACK = Option.withDefault(
            "start-fallback",
            StartText.FALLBACK,
            "begin",
            "With 'start: group': where to begin in shards that the group does not know.");

    static final Option<StopText> STOP = Option.withDefault(
            "stop",
            StopText.STOP,
            "none",
            "Where to end: 'none' runs until it is cancelled, 'now' ends with what is there at the start, a time with what was"
                    + " received before it. The job then finishes by itself, everything delivered.");

    static final Option<Boolean> ORDERED = Option.withDefault(
            "ordered",
            TextValue.BOOLEAN,
            "true",
            "Whether the shards that a split or merge made wait until all groups of their parents are delivered, as the next"
                    + " checkpoint shows, so that groups of one hash key keep their order. False reads a backlog faster.");

    static final Option<ExpiredCursorPolicy> ON_EXPIRED_CURSOR = Option.withDefault(
            "on-expired-cursor",
            TextValue.ofEnum(ExpiredCursorPolicy.class),
            "fail",
            "What to do when data that was not read yet is gone, by retention or with its shard: 'fail' stops, 'earliest' goes"
                    + " on with the oldest data left, 'latest' only with what comes from now on; both count the gap.");

    static final Option<Duration> DISCOVERY_INTERVAL = Option.withDefault(
            "discovery.interval",
            Quantity.DURATION,
            "30s",
            "How often the shards are listed. Shorter finds the children of a split sooner; each round costs one request.");

    static final Option<Double> DISCOVERY_JITTER = Option.withDefault(
            "discovery.jitter",
            new TextValue<>("a number from 0 to 1", SourceOptions::part),
            "0.2",
            "Up to which part of the interval is added to it at random, so that many jobs do not list at the same moment.");

    static final Option<Duration> DISCOVERY_FAILURE_AGE_LIMIT = Option.withDefault(
            "discovery.failure-age-limit",
            Quantity.DURATION,
            "1h",
            "For how long listings may go on failing before the job fails. Reading goes on meanwhile.");

    static final Option<Duration> DISCOVERY_LISTING_MARGIN = Option.withDefault(
            "discovery.listing-margin",
            Quantity.DURATION_OR_ZERO,
            "30s",
            "How old the service's list of shards may be. A run with a stop ends only after a list that was asked for so long"
                    + " after it; a stop that is longer ago costs no waiting. 0 takes each list to be of the moment.");

    static final Option<Duration> DISCOVERY_SETTLE_TIME = Option.withDefault(
            "discovery.settle-time",
            Quantity.DURATION_OR_ZERO,
            "30s",
            "For how long after a split or merge the old shards may still get late writes: they are finished only after it, by"
                    + " the service's clock, and with 'ordered' their children wait for that. Shards closed longer ago do not"
                    + " wait. 0s finishes them as soon as they seem to be read.");

    static final Option<Long> PULL_MAX_BUFFERED = Option.withDefault(
            "pull.max-buffered",
            Quantity.SIZE,
            "64MiB",
            "How much decompressed data one reader may hold. More hides slow answers better and costs heap.");

    static final Option<Integer> PULL_MAX_CONCURRENT = Option.withDefault(
            "pull.max-concurrent", TextValue.ofInteger(1), "8", "How many pulls one reader may have under way.");

    static final Option<Integer> PULL_MAX_GROUPS = Option.withDefault(
            "pull.max-groups",
            TextValue.ofInteger(1, 1000),
            "1000",
            "The most log groups that one pull asks for. Fewer are asked for when groups are large.");

    static final Option<Duration> PULL_IDLE_POLL_FLOOR = Option.withDefault(
            "pull.idle-poll-floor",
            Quantity.DURATION,
            "50ms",
            "The pause after a pull that reached the end of its shard; it doubles while nothing comes.");

    static final Option<Duration> PULL_IDLE_POLL_CEILING = Option.withDefault(
            "pull.idle-poll-ceiling",
            Quantity.DURATION,
            "1s",
            "Where that doubling ends: how late data may be seen in a shard that was idle. Longer costs fewer requests.");

    static final Option<Duration> RETRY_INITIAL_BACKOFF = Option.withDefault(
            "retry.initial-backoff",
            Quantity.DURATION,
            "200ms",
            "The longest first pause after a failed read; it doubles.");

    static final Option<Duration> RETRY_MAX_BACKOFF = Option.withDefault(
            "retry.max-backoff", Quantity.DURATION, "30s", "The longest pause between two attempts to read.");

    static final Option<Duration> RETRY_GRACE = Option.withDefault(
            "retry.grace",
            Quantity.DURATION_OR_ZERO,
            "10min",
            "For how long refused credentials and a missing logstore are borne, so that keys can be rotated; then the job fails.");

    static final Option<Integer> RETRY_MAX_MALFORMED = Option.withDefault(
            "retry.max-malformed",
            TextValue.ofInteger(1),
            "10",
            "How many answers in a row may be unreadable, or pass over groups that the service says it holds, before the job"
                    + " fails; for the latter on-expired-cursor decides.");

    static final List<Option<?>> OWN = List.of(
            LOGSTORE,
            CONSUMER_GROUP,
            START,
            START_GROUP,
            START_FALLBACK,
            STOP,
            ORDERED,
            ON_EXPIRED_CURSOR,
            DISCOVERY_INTERVAL,
            DISCOVERY_JITTER,
            DISCOVERY_FAILURE_AGE_LIMIT,
            DISCOVERY_LISTING_MARGIN,
            DISCOVERY_SETTLE_TIME,
            PULL_MAX_BUFFERED,
            PULL_MAX_CONCURRENT,
            PULL_MAX_GROUPS,
            PULL_IDLE_POLL_FLOOR,
            PULL_IDLE_POLL_CEILING,
            RETRY_INITIAL_BACKOFF,
            RETRY_MAX_BACKOFF,
            RETRY_GRACE,
            RETRY_MAX_MALFORMED);

    private SourceOptions() {}

    private static Double part(String text) {
        double value = Double.parseDouble(text);
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException();
        }
        return value;
    }
}
