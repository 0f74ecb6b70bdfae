package io.slsdispatch.job.config.options;

import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ScalarType;
import io.slsdispatch.job.yaml.ScalarTypes;
import io.slsdispatch.job.yaml.Timestamp;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is read, from where to where, and how. */
public final class SourceOptions {

    private static final String TIMES = "a time such as 2018-12-26T00:00:00+08:00, '2018-12-26 0:0:0' or unix seconds";

    private static final ScalarType<String> GROUP =
            ScalarTypes.ofPattern("a consumer group: 1 to 128 of A-Z, a-z, 0-9, '-' and '_'", "[0-9A-Za-z_-]{1,128}");

    public static final Option<String> LOGSTORE = Option.of(
            "logstore",
            ScalarTypes.ofName(
                    "a logstore name: 2 to 63 of a-z, 0-9, '-' and '_', first and last a letter or digit",
                    LogstoreId::isLogstoreName),
            "required",
            "The logstore.");

    public static final Option<String> CONSUMER_GROUP = Option.of(
            "consumer-group",
            GROUP,
            "progress is not shown",
            "The consumer group in which progress is shown to the service after each checkpoint, so that its console and alarms"
                    + " see the lag. It is created when it is missing. What is read again after a failure depends on Flink's"
                    + " checkpoints, not on the group. With unaligned checkpoints nothing is written to it.");

    public static final Option<Start> START = Option.withDefault(
            "start",
            new ScalarType<>("begin, end, group, or " + TIMES, text -> Start.parse(text, true)),
            "begin",
            "Where to begin when neither a checkpoint nor a savepoint says: 'begin' is the oldest data, 'end' only what comes"
                    + " from now on, 'group' where the consumer group stands, a time what was received from then on.");

    public static final Option<String> START_GROUP = Option.of(
            "start-group", GROUP, "the consumer-group", "With 'start: group': the consumer group to continue from.");

    public static final Option<Start> START_FALLBACK = Option.withDefault(
            "start-fallback",
            new ScalarType<>("begin, end, or " + TIMES, text -> Start.parse(text, false)),
            "begin",
            "With 'start: group': where to begin in shards that the group does not know.");

    public static final Option<Stop> STOP = Option.withDefault(
            "stop",
            new ScalarType<>("none, now, or " + TIMES, Stop::parse),
            "none",
            "Where to end: 'none' runs until it is cancelled, 'now' ends with what is there at the start, a time with what was"
                    + " received before it. The job then finishes by itself, everything delivered.");

    public static final Option<Boolean> ORDERED = Option.withDefault(
            "ordered",
            ScalarTypes.BOOLEAN,
            "true",
            "Whether the shards that a split or merge made wait until all groups of their parents are delivered, as the next"
                    + " checkpoint shows, so that groups of one hash key keep their order. False reads a backlog faster.");

    public static final Option<ExpiredCursorPolicy> ON_EXPIRED_CURSOR = Option.withDefault(
            "on-expired-cursor",
            ScalarTypes.ofEnum(ExpiredCursorPolicy.class),
            "fail",
            "What to do when data that was not read yet is gone, by retention or with its shard: 'fail' stops, 'earliest' goes"
                    + " on with the oldest data left, 'latest' only with what comes from now on; both count the gap.");

    public static final Option<Duration> DISCOVERY_INTERVAL = Option.withDefault(
            "discovery.interval",
            ScalarTypes.DURATION,
            "30s",
            "How often the shards are listed. Shorter finds the children of a split sooner; each round costs one request.");

    public static final Option<Double> DISCOVERY_JITTER = Option.withDefault(
            "discovery.jitter",
            new ScalarType<>("a number from 0 to 1", SourceOptions::part),
            "0.2",
            "Up to which part of the interval is added to it at random, so that many jobs do not list at the same moment.");

    public static final Option<Duration> DISCOVERY_FAILURE_AGE_LIMIT = Option.withDefault(
            "discovery.failure-age-limit",
            ScalarTypes.DURATION,
            "1h",
            "For how long listings may go on failing before the job fails. Reading goes on meanwhile.");

    public static final Option<Duration> DISCOVERY_LISTING_MARGIN = Option.withDefault(
            "discovery.listing-margin",
            ScalarTypes.DURATION_OR_ZERO,
            "30s",
            "How old the service's list of shards may be. A run with a stop ends only after a list that was asked for so long"
                    + " after it; a stop that is longer ago costs no waiting. 0 takes each list to be of the moment.");

    public static final Option<Duration> DISCOVERY_SETTLE_TIME = Option.withDefault(
            "discovery.settle-time",
            ScalarTypes.DURATION_OR_ZERO,
            "30s",
            "For how long after a split or merge the old shards may still get late writes: they are finished only after it, by"
                    + " the service's clock, and with 'ordered' their children wait for that. Shards closed longer ago do not"
                    + " wait. 0s finishes them as soon as they seem to be read.");

    public static final Option<Long> PULL_MAX_BUFFERED = Option.withDefault(
            "pull.max-buffered",
            ScalarTypes.SIZE,
            "64MiB",
            "How much decompressed data one reader may hold. More hides slow answers better and costs heap.");

    public static final Option<Integer> PULL_MAX_CONCURRENT = Option.withDefault(
            "pull.max-concurrent", ScalarTypes.ofInteger(1), "8", "How many pulls one reader may have under way.");

    public static final Option<Integer> PULL_MAX_GROUPS = Option.withDefault(
            "pull.max-groups",
            ScalarTypes.ofInteger(1, 1000),
            "1000",
            "The most log groups that one pull asks for. Fewer are asked for when groups are large.");

    public static final Option<Duration> PULL_IDLE_POLL_FLOOR = Option.withDefault(
            "pull.idle-poll-floor",
            ScalarTypes.DURATION,
            "50ms",
            "The pause after a pull that reached the end of its shard; it doubles while nothing comes.");

    public static final Option<Duration> PULL_IDLE_POLL_CEILING = Option.withDefault(
            "pull.idle-poll-ceiling",
            ScalarTypes.DURATION,
            "1s",
            "Where that doubling ends: how late data may be seen in a shard that was idle. Longer costs fewer requests.");

    public static final Option<Duration> RETRY_INITIAL_BACKOFF = Option.withDefault(
            "retry.initial-backoff",
            ScalarTypes.DURATION,
            "200ms",
            "The longest first pause after a failed read; it doubles.");

    public static final Option<Duration> RETRY_MAX_BACKOFF = Option.withDefault(
            "retry.max-backoff", ScalarTypes.DURATION, "30s", "The longest pause between two attempts to read.");

    public static final Option<Duration> RETRY_GRACE = Option.withDefault(
            "retry.grace",
            ScalarTypes.DURATION_OR_ZERO,
            "10min",
            "For how long refused credentials and a missing logstore are borne, so that keys can be rotated; then the job fails.");

    public static final Option<Integer> RETRY_MAX_MALFORMED = Option.withDefault(
            "retry.max-malformed",
            ScalarTypes.ofInteger(1),
            "10",
            "How many answers in a row may be unreadable, or pass over groups that the service says it holds, before the job"
                    + " fails; for the latter on-expired-cursor decides.");

    public static final List<Option<?>> OWN = List.of(
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

    /** A source: these and how the service is reached. */
    public static final List<Option<?>> ALL = Option.all(ConnectionOptions.ALL, OWN);

    /**
     * A start as it is written.
     *
     * @param kind what is meant
     * @param time the moment when a time is meant, else null
     */
    public record Start(Kind kind, @Nullable Timestamp time) {

        /** What is meant. */
        public enum Kind {
            BEGIN,
            END,
            GROUP,
            TIME
        }

        private static Start parse(String text, boolean groupAllowed) {
            return switch (text) {
                case "begin" -> new Start(Kind.BEGIN, null);
                case "end" -> new Start(Kind.END, null);
                case "group" -> {
                    if (!groupAllowed) {
                        throw new IllegalArgumentException();
                    }
                    yield new Start(Kind.GROUP, null);
                }
                default -> {
                    if (!Timestamp.looksLikeTime(text)) {
                        throw new IllegalArgumentException();
                    }
                    yield new Start(Kind.TIME, Timestamp.parse(text));
                }
            };
        }

        /**
         * The position.
         *
         * @param zone for a time that names none
         * @param group makes the position for {@link Kind#GROUP}
         */
        public StartingPosition position(ZoneId zone, Supplier<StartingPosition> group) {
            if (time != null) {
                return new StartingPosition.At(time.at(zone));
            }
            return switch (kind) {
                case END -> new StartingPosition.End();
                case GROUP -> group.get();
                default -> new StartingPosition.Begin();
            };
        }
    }

    /**
     * An end as it is written.
     *
     * @param now whether it is the present moment
     * @param time the moment when a time is meant, else null
     */
    public record Stop(boolean now, @Nullable Timestamp time) {

        private static Stop parse(String text) {
            return switch (text) {
                case "none" -> new Stop(false, null);
                case "now" -> new Stop(true, null);
                default -> {
                    if (!Timestamp.looksLikeTime(text)) {
                        throw new IllegalArgumentException();
                    }
                    yield new Stop(false, Timestamp.parse(text));
                }
            };
        }

        /** The position, with this zone where the text names none. */
        public StoppingPosition position(ZoneId zone) {
            if (time != null) {
                return new StoppingPosition.At(time.at(zone));
            }
            return now ? new StoppingPosition.Now() : new StoppingPosition.Never();
        }
    }

    private SourceOptions() {}

    private static Double part(String text) {
        double value = Double.parseDouble(text);
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException();
        }
        return value;
    }
}
