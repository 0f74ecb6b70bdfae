package io.slsdispatch.job.rules;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.SlsFutures;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.LogGroupScanner;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest rules in a logstore. The first time it reads every shard from its beginning, then only what was added.
 *
 * <p>In one shard the later log is the newer. Among shards the time counts at which the service received them, in whole
 * seconds; in the same second the shard with the higher id, which after a split is the child. Older rules never come after
 * newer ones: nothing is told before every shard is read to its end, and rules that have expired meanwhile are
 * remembered.
 *
 * <p>It holds nothing that a restart would miss: whoever starts anew reads everything again and finds the same, unless it
 * has expired. One thread at a time.
 */
public final class LogstoreRulesSource {

    /** For what is meant to be a few logs. A longer backlog goes on with the next call. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final Comparator<Found> BY_AGE =
            Comparator.comparing(Found::received).thenComparing(Found::shard);

    private record Found(int shard, Instant received, byte[] rules) {}

    /** A group within what one pull brings. */
    private record Place(int index, byte[] rules) {}

    private final RulesLocation.Logstore place;
    private final InstantSource clock;
    private final Map<Integer, String> nextCursors = new HashMap<>();
    private final Map<Integer, Found> newestByShard = new HashMap<>();
    private final LogGroupListWalker groups = new LogGroupListWalker();
    private final LogGroupScanner scanner = new LogGroupScanner();

    public LogstoreRulesSource(RulesLocation.Logstore place) {
        this(place, InstantSource.system());
    }

    LogstoreRulesSource(RulesLocation.Logstore place, InstantSource clock) {
        this.place = place;
        this.clock = clock;
    }

    /**
     * The newest rules as they were written.
     *
     * @throws IOException when there are none, or when the service does not let them be read; the next call goes on where
     *     this one stopped
     */
    public byte[] read(SlsClient client) throws IOException, InterruptedException {
        Instant deadline = clock.instant().plus(LIMIT);
        List<Integer> shards =
                client.listShards(logstore()).stream().map(Shard::id).sorted().toList();
        nextCursors.keySet().retainAll(shards);
        for (int shard : shards) {
            read(client, shard, deadline);
        }
        return newestByShard.values().stream()
                .max(BY_AGE)
                .map(Found::rules)
                .orElseThrow(() -> new IOException(
                        "there are no rules: no log has the field '" + RulesLog.FIELD + "', or all have expired"));
    }

    private LogstoreId logstore() {
        return place.logstore();
    }

    private void read(SlsClient client, int shard, Instant deadline) throws IOException, InterruptedException {
        String known = nextCursors.get(shard);
        if (known != null) {
            try {
                readFrom(client, shard, known, deadline);
                return;
            } catch (SlsException e) {
                if (e.kind() != ErrorKind.CURSOR_EXPIRED) {
                    throw e;
                }
                // What follows it in the shard expired with it or is still there; its beginning is what is still there.
                nextCursors.remove(shard);
            }
        }
        readFrom(client, shard, client.cursor(logstore(), shard, new CursorOrigin.Begin()), deadline);
    }

    private void readFrom(SlsClient client, int shard, String from, Instant deadline)
            throws IOException, InterruptedException {
        String cursor = from;
        while (true) {
            PulledBatch batch = pull(client, shard, cursor, PullRequest.MAX_GROUPS);
            Place last = lastIn(batch);
            if (last != null) {
                Instant received = receivedAt(client, shard, cursor, last.index());
                newestByShard.put(shard, new Found(shard, received, last.rules()));
            }
            // Only now: rules in this batch are not passed by before they are known.
            nextCursors.put(shard, batch.nextCursor());
            if (Cursor.same(batch.nextCursor(), cursor)) {
                return;
            }
            cursor = batch.nextCursor();
            if (clock.instant().isAfter(deadline)) {
                throw new IOException("there is more than can be read in " + LIMIT.toSeconds()
                        + " s; it will be gone on with. Give the rules a logstore of their own");
            }
        }
    }

    private @Nullable Place lastIn(PulledBatch batch) throws IOException {
        Place last = null;
        groups.reset(batch.data(), batch.length());
        for (int index = 0; groups.next(); index++) {
            if (place.takes(scanner.topic(batch.data(), groups.offset(), groups.length()))) {
                byte[] rules = RulesLog.in(batch.data(), groups.offset(), groups.length());
                last = rules == null ? last : new Place(index, rules);
            }
        }
        return last;
    }

    /** When the group with this index behind a cursor was received: what comes with a pull is the time of its last group. */
    private Instant receivedAt(SlsClient client, int shard, String cursor, int index)
            throws IOException, InterruptedException {
        String at = cursor;
        int before = index;
        while (before > 0) {
            PulledBatch batch = pull(client, shard, at, before);
            if (batch.groups() <= 0 || batch.groups() > before) {
                throw new IOException("shard " + shard + " gave other groups when it was read again");
            }
            before -= batch.groups();
            at = batch.nextCursor();
        }
        return client.cursorTime(logstore(), shard, at);
    }

    private PulledBatch pull(SlsClient client, int shard, String cursor, int count)
            throws IOException, InterruptedException {
        return SlsFutures.await(client.pull(new PullRequest(logstore(), shard, cursor, count, null)));
    }
}
