package io.slsdispatch.job.rules;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.SlsFutures;
import io.slsdispatch.connector.config.Durations;
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
 * Source of rules in a logstore; it finds the newest rules. The first call reads every shard from its beginning, later
 * calls only new data.
 *
 * <p>Within a shard the later log is newer. Between shards the receive time of the service decides, in whole seconds;
 * in the same second the shard with the higher id is newer, which after a split is the child. Older rules never follow
 * newer ones: a call returns only after it has read every shard to its end, and rules that expire later are remembered.
 *
 * <p>It keeps no state that a restart would need: a new instance reads everything again and finds the same rules,
 * unless they have expired. Not thread-safe.
 */
public final class LogstoreRulesSource {

    /** Time limit of a call. The logstore is meant to hold few logs; the next call continues with a longer backlog. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final Comparator<Found> BY_AGE =
            Comparator.comparing(Found::received).thenComparing(Found::shard);

    private record Found(int shard, Instant received, byte[] rules) {}

    /** A log group of a pull that holds rules. */
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
     * Returns the newest rules as written.
     *
     * @throws IOException when there are none, or when the service does not allow the read; the next call continues
     *     where this one stopped
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
                        "no rules found: no log has the field '" + RulesLog.FIELD + "', or all have expired"));
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
                // The data behind the cursor has expired, too, or is still in the shard; what is left starts at the
                // beginning of the shard.
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
            // Not earlier: the cursor must not pass rules in this batch before they are known.
            nextCursors.put(shard, batch.nextCursor());
            if (Cursor.same(batch.nextCursor(), cursor)) {
                return;
            }
            cursor = batch.nextCursor();
            if (clock.instant().isAfter(deadline)) {
                throw new IOException("the logstore has more data than can be read in " + Durations.text(LIMIT)
                        + "; the next poll continues. Use a separate logstore for the rules");
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

    /** The receive time of the group with this index after a cursor: a pull returns only the time of its last group. */
    private Instant receivedAt(SlsClient client, int shard, String cursor, int index)
            throws IOException, InterruptedException {
        String at = cursor;
        int before = index;
        while (before > 0) {
            PulledBatch batch = pull(client, shard, at, before);
            if (batch.groups() <= 0 || batch.groups() > before) {
                throw new IOException("shard " + shard + " returned different groups when it was read again");
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
