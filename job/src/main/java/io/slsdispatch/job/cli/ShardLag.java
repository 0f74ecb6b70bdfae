package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.job.output.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lag of a consumer group in one shard.
 *
 * @param shard id of the shard
 * @param open whether the shard can still be written
 * @param kind what is known about the lag
 * @param next when the service received the oldest undelivered group; null when there is none
 * @param lag age of that group
 */
record ShardLag(
        int shard, boolean open, Kind kind, @Nullable Instant next, Duration lag) {

    enum Kind {
        /** Everything is delivered. */
        AT_THE_END,
        /** At least one group is not delivered. */
        BEHIND,
        /**
         * The group has no cursor for the shard: nothing of the shard was delivered, or the shard is finished and
         * removed.
         */
        UNKNOWN,
        /** The cursor points to data that has expired. */
        EXPIRED
    }

    static List<ShardLag> of(SlsClient client, LogstoreId logstore, String group, Clock clock)
            throws SlsException, InterruptedException {
        Map<Integer, String> cursors = client.consumerGroupCursors(logstore, group);
        List<Shard> shards = client.listShards(logstore).stream()
                .sorted(Comparator.comparingInt(Shard::id))
                .toList();
        return ParallelCalls.invokeAll(shards, shard -> of(client, logstore, shard, cursors.get(shard.id()), clock));
    }

    private static ShardLag of(SlsClient client, LogstoreId logstore, Shard shard, @Nullable String cursor, Clock clock)
            throws SlsException {
        if (cursor == null || cursor.isEmpty()) {
            return new ShardLag(shard.id(), shard.writable(), Kind.UNKNOWN, null, Duration.ZERO);
        }
        if (Cursor.same(cursor, client.cursor(logstore, shard.id(), new CursorOrigin.End()))) {
            return new ShardLag(shard.id(), shard.writable(), Kind.AT_THE_END, null, Duration.ZERO);
        }
        try {
            Instant next = client.cursorTime(logstore, shard.id(), cursor);
            Duration lag = Duration.between(next, client.serviceTime().orElseGet(clock::instant));
            return new ShardLag(
                    shard.id(), shard.writable(), Kind.BEHIND, next, lag.isNegative() ? Duration.ZERO : lag);
        } catch (SlsException e) {
            if (e.kind() == ErrorKind.CURSOR_EXPIRED) {
                return new ShardLag(shard.id(), shard.writable(), Kind.EXPIRED, null, Duration.ZERO);
            }
            throw e;
        }
    }

    long seconds() {
        return lag.toSeconds();
    }

    /** A description of what is delivered. */
    String position() {
        return switch (kind) {
            case AT_THE_END -> "the end";
            case BEHIND -> String.valueOf(next);
            case UNKNOWN -> "(no cursor)";
            case EXPIRED -> "(data expired)";
        };
    }

    /** A description of the lag. */
    String words() {
        return switch (kind) {
            case AT_THE_END -> "0 s";
            case BEHIND -> words(seconds());
            case UNKNOWN -> "?";
            case EXPIRED -> "LOST";
        };
    }

    /** A description of a duration. */
    static String words(long seconds) {
        return Durations.measured(Duration.ofSeconds(seconds));
    }

    Map<String, @Nullable Object> json() {
        return Json.object(
                "shard",
                shard,
                "open",
                open,
                "state",
                kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                "nextReceived",
                next == null ? null : next.toString(),
                "lagSeconds",
                kind == Kind.AT_THE_END || kind == Kind.BEHIND ? (Object) seconds() : null);
    }
}
