package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.job.redrive.Retrier.StoppedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reader of all shards with dead letters. It merges the shards by receive time, so that the logs of one dead letter,
 * which may be in several shards, are read shortly after one another. Not thread-safe.
 */
final class DeadLetterReader {

    private final List<DeadLetterShard> shards;

    private DeadLetterReader(List<DeadLetterShard> shards) {
        this.shards = shards;
    }

    /**
     * Looks up the cursors at which reading starts and ends in each shard.
     *
     * @param from earliest receive time of a selected dead letter; empty for the oldest available
     * @param cursors positions that an earlier run reached, by shard name
     * @param gaps receives a message for each gap: dead letters that expired before they were read
     */
    static DeadLetterReader open(
            List<DeadLetterLogstore> stores,
            Clients clients,
            Retrier retrier,
            Optional<Instant> from,
            Map<String, String> cursors,
            Consumer<String> gaps)
            throws SlsException, StoppedException, InterruptedException {
        CursorOrigin origin = from.<CursorOrigin>map(CursorOrigin.At::new).orElseGet(CursorOrigin.Begin::new);
        List<DeadLetterShard> shards = new ArrayList<>();
        for (DeadLetterLogstore store : stores) {
            SlsClient client = clients.of(store.connection());
            List<Shard> listed = new ArrayList<>(retrier.call(() -> client.listShards(store.logstore())));
            listed.sort(Comparator.comparingInt(Shard::id));
            for (Shard each : listed) {
                int id = each.id();
                String end = retrier.call(() -> client.cursor(store.logstore(), id, new CursorOrigin.End()));
                String kept = cursors.get(store.name() + " " + id);
                String cursor = kept != null ? kept : retrier.call(() -> client.cursor(store.logstore(), id, origin));
                shards.add(new DeadLetterShard(store, client, retrier, id, cursor, end, gaps));
            }
        }
        return new DeadLetterReader(shards);
    }

    int shards() {
        return shards.size();
    }

    /** Reads the next batch of the shard that is furthest behind; empty when all shards are read to their ends. */
    Optional<PulledBatch> next() throws SlsException, StoppedException, InterruptedException {
        while (true) {
            Optional<DeadLetterShard> behind = shards.stream()
                    .filter(shard -> !shard.isDone())
                    .min(Comparator.comparingLong(DeadLetterShard::receivedAtSeconds));
            if (behind.isEmpty()) {
                return Optional.empty();
            }
            Optional<PulledBatch> batch = behind.get().next();
            if (batch.isPresent()) {
                return batch;
            }
        }
    }

    /** The receive time up to which everything is read; empty before the first read. */
    Optional<Instant> readUpTo() {
        return shards.stream()
                .filter(shard -> !shard.isDone())
                .map(DeadLetterShard::receivedAtSeconds)
                .min(Comparator.naturalOrder())
                .or(() ->
                        shards.stream().map(DeadLetterShard::receivedAtSeconds).max(Comparator.naturalOrder()))
                .filter(seconds -> seconds > 0)
                .map(Instant::ofEpochSecond);
    }

    /** The position in each shard. */
    Map<String, String> cursors() {
        Map<String, String> cursors = new LinkedHashMap<>();
        shards.forEach(shard -> cursors.put(shard.name(), shard.cursor()));
        return cursors;
    }
}
