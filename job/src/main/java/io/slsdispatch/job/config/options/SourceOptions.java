package io.slsdispatch.job.config.options;

import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ScalarType;
import io.slsdispatch.job.yaml.ScalarTypes;
import io.slsdispatch.job.yaml.Timestamp;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The options of the source: what to read, where to start and stop, and how. */
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
            "Consumer group in which the job saves its progress after each checkpoint, so that the console and"
                    + " alarms of the service show the lag. A missing group is created. After a failure, Flink's checkpoint"
                    + " decides what is read again, not the group. With unaligned checkpoints nothing is saved.");

    public static final Option<Start> START = Option.withDefault(
            "start",
            new ScalarType<>("begin, end, group, or " + TIMES, text -> Start.parse(text, true)),
            "begin",
            "Where reading starts in shards that are in no checkpoint or savepoint: 'begin' is the oldest data, 'end'"
                    + " only new data, 'group' the position of the consumer group, a time the data received from then"
                    + " on.");

    public static final Option<String> START_GROUP = Option.of(
            "start-group", GROUP, "the consumer-group", "With 'start: group': the consumer group to continue from.");

    public static final Option<Start> START_FALLBACK = Option.withDefault(
            "start-fallback",
            new ScalarType<>("begin, end, or " + TIMES, text -> Start.parse(text, false)),
            "begin",
            "With 'start: group': the start of shards without a position in the group. If it is not set and the group"
                    + " does not exist, the job refuses to start.");

    public static final Option<Stop> STOP = Option.withDefault(
            "stop",
            new ScalarType<>("none, now, or " + TIMES, Stop::parse),
            "none",
            "Where reading stops: 'none' runs until the job is cancelled, 'now' ends with the data that exists at the"
                    + " start, a time with the data received before it. The job then ends by itself after it delivered"
                    + " everything.");

    public static final Option<Boolean> ORDERED = Option.withDefault(
            "ordered",
            ScalarTypes.BOOLEAN,
            "true",
            "Whether the children of a split or merge wait until a checkpoint shows that all groups of their"
                    + " parents are delivered, so that groups of one hash key keep their order. False reads a backlog"
                    + " faster.");

    public static final Option<ExpiredCursorPolicy> ON_EXPIRED_CURSOR = Option.withDefault(
            "on-expired-cursor",
            ScalarTypes.ofEnum(ExpiredCursorPolicy.class),
            "fail",
            "What happens when unread data is gone, by retention or with its shard: 'fail' stops the job,"
                    + " 'earliest' continues with the oldest remaining data, 'latest' with new data only; both count the"
                    + " gap.");

    public static final Option<Duration> DISCOVERY_INTERVAL = Option.withDefault(
            "discovery.interval",
            ScalarTypes.DURATION,
            "30 s",
            "How often the shards are listed. A shorter interval finds the children of a split sooner; each"
                    + " listing costs one request.");

    public static final Option<Double> DISCOVERY_JITTER = Option.withDefault(
            "discovery.jitter",
            new ScalarType<>("a number from 0 to 1", SourceOptions::part),
            "0.2",
            "Random addition to the interval, up to this fraction of it, so that many jobs do not list at the"
                    + " same moment.");

    public static final Option<Duration> DISCOVERY_FAILURE_AGE_LIMIT = Option.withDefault(
            "discovery.failure-age-limit",
            ScalarTypes.DURATION,
            "1 h",
            "How long listings may fail before the job fails. Reading continues meanwhile.");

    public static final Option<Duration> DISCOVERY_LISTING_MARGIN = Option.withDefault(
            "discovery.listing-margin",
            ScalarTypes.DURATION_OR_ZERO,
            "30 s",
            "How out of date the service's list of shards can be. A run with a stop ends only after a list that"
                    + " was requested this long after the stop; a stop that is longer ago costs no waiting. With 0 s each"
                    + " list counts as current.");

    public static final Option<Duration> DISCOVERY_SETTLE_TIME = Option.withDefault(
            "discovery.settle-time",
            ScalarTypes.DURATION_OR_ZERO,
            "30 s",
            "How long after a split or merge the old shards may still receive late writes. They finish only after"
                    + " this time, by the service's clock, and with 'ordered' their children wait for it. Shards that were"
                    + " closed longer ago do not wait. 0 s finishes them as soon as their end is reached.");

    public static final Option<Long> PULL_MAX_BUFFERED = Option.withDefault(
            "pull.max-buffered",
            ScalarTypes.SIZE,
            "64MiB",
            "Decompressed data that one reader may buffer. A higher value hides slow responses and costs heap.");

    public static final Option<Integer> PULL_MAX_CONCURRENT = Option.withDefault(
            "pull.max-concurrent", ScalarTypes.ofInteger(1), "8", "Maximum number of pulls in flight per reader.");

    public static final Option<Integer> PULL_MAX_GROUPS = Option.withDefault(
            "pull.max-groups",
            ScalarTypes.ofInteger(1, 1000),
            "1000",
            "Maximum number of log groups per pull. The job requests fewer if groups are large.");

    public static final Option<Duration> PULL_IDLE_POLL_FLOOR = Option.withDefault(
            "pull.idle-poll-floor",
            ScalarTypes.DURATION,
            "50 ms",
            "Pause after a pull that reached the end of its shard; it doubles while nothing arrives.");

    public static final Option<Duration> PULL_IDLE_POLL_CEILING = Option.withDefault(
            "pull.idle-poll-ceiling",
            ScalarTypes.DURATION,
            "1 s",
            "Longest pause at the end of a shard: how late data in an idle shard may be noticed. A higher value"
                    + " costs fewer requests.");

    public static final Option<Compression> COMPRESSION = Option.withDefault(
            "compression",
            ScalarTypes.ofEnum(Compression.class),
            "lz4",
            "How pulled data is compressed: 'zstd' needs fewer bytes on the network than 'lz4', and more processor time."
                    + " If the service does not send zstd, the job requests LZ4 and logs that once.");

    public static final Option<Duration> RETRY_INITIAL_BACKOFF = Option.withDefault(
            "retry.initial-backoff",
            ScalarTypes.DURATION,
            "200 ms",
            "Initial back-off after a failed read (upper bound; it doubles with each failure).");

    public static final Option<Duration> RETRY_MAX_BACKOFF = Option.withDefault(
            "retry.max-backoff", ScalarTypes.DURATION, "30 s", "Largest back-off between two attempts to read.");

    public static final Option<Duration> RETRY_GRACE = Option.withDefault(
            "retry.grace",
            ScalarTypes.DURATION_OR_ZERO,
            "10 min",
            "How long rejected credentials and a missing logstore are retried, so that keys can be rotated; then"
                    + " the job fails.");

    public static final Option<Integer> RETRY_MAX_MALFORMED = Option.withDefault(
            "retry.max-malformed",
            ScalarTypes.ofInteger(1),
            "10",
            "How many responses in a row may be unreadable, or skip groups that the service still holds, before the job"
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
            COMPRESSION,
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

    /** All options of a source: these and the connection. */
    public static final List<Option<?>> ALL = Option.all(ConnectionOptions.ALL, OWN);

    /**
     * A starting position as written.
     *
     * @param kind kind of the position
     * @param time the time for the kind that has one, else null
     */
    public record Start(Kind kind, @Nullable Timestamp time) {

        /** Kind of a starting position. */
        public enum Kind {
            BEGIN,
            END,
            GROUP,
            TIME
        }

        /** The position as it can be written. */
        @Override
        public String toString() {
            return time == null ? kind.name().toLowerCase(Locale.ROOT) : time.toString();
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
         * @param zone for a time without a zone
         * @param group creates the position for {@link Kind#GROUP}
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
     * A stopping position as written.
     *
     * @param now whether it is the current time
     * @param time the time when one is given, else null
     */
    public record Stop(boolean now, @Nullable Timestamp time) {

        /** The position as it can be written. */
        @Override
        public String toString() {
            return time != null ? time.toString() : now ? "now" : "none";
        }

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

        /** The position; the zone applies when the text has none. */
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
