package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.job.redrive.Patience.StoppedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads all shards with dead letters side by side in the order in which the service received them, so that the logs of one
 * letter, which may lie in several shards, come shortly after one another. One thread.
 */
final class LetterReader {

    private final List<LetterShard> shards;

    private LetterReader(List<LetterShard> shards) {
        this.shards = shards;
    }

    /**
     * Looks up where each shard begins and ends.
     *
     * @param from when the first letter that is wanted can have been received; empty for the oldest there is
     * @param cursors where an earlier run came to, by the names of shards
     * @param gaps told of letters that are gone before they were read
     */
    static LetterReader open(
            List<LetterStore> stores,
            Clients clients,
            Patience patience,
            Optional<Instant> from,
            Map<String, String> cursors,
            Consumer<String> gaps)
            throws SlsException, StoppedException, InterruptedException {
        CursorOrigin origin = from.<CursorOrigin>map(CursorOrigin.At::new).orElseGet(CursorOrigin.Begin::new);
        List<LetterShard> shards = new ArrayList<>();
        for (LetterStore store : stores) {
            SlsClient client = clients.of(store.connection());
            List<Shard> listed = new ArrayList<>(patience.of(() -> client.listShards(store.logstore())));
            listed.sort(Comparator.comparingInt(Shard::id));
            for (Shard each : listed) {
                int id = each.id();
                String end = patience.of(() -> client.cursor(store.logstore(), id, new CursorOrigin.End()));
                String kept = cursors.get(store.name() + " " + id);
                String cursor = kept != null ? kept : patience.of(() -> client.cursor(store.logstore(), id, origin));
                shards.add(new LetterShard(store, client, patience, id, cursor, end, gaps));
            }
        }
        return new LetterReader(shards);
    }

    int shards() {
        return shards.size();
    }

    /** Reads on in the shard that is the furthest behind; empty when all are read to their ends. */
    Optional<PulledBatch> next() throws SlsException, StoppedException, InterruptedException {
        while (true) {
            Optional<LetterShard> behind = shards.stream()
                    .filter(shard -> !shard.isDone())
                    .min(Comparator.comparingLong(LetterShard::receivedAtSeconds));
            if (behind.isEmpty()) {
                return Optional.empty();
            }
            Optional<PulledBatch> batch = behind.get().next();
            if (batch.isPresent()) {
                return batch;
            }
        }
    }

    /** Up to where everything is read, as the service received it; empty before anything is. */
    Optional<Instant> readUpTo() {
        return shards.stream()
                .filter(shard -> !shard.isDone())
                .map(LetterShard::receivedAtSeconds)
                .min(Comparator.naturalOrder())
                .or(() -> shards.stream().map(LetterShard::receivedAtSeconds).max(Comparator.naturalOrder()))
                .filter(seconds -> seconds > 0)
                .map(Instant::ofEpochSecond);
    }

    /** Where each shard is read to. */
    Map<String, String> cursors() {
        Map<String, String> cursors = new LinkedHashMap<>();
        shards.forEach(shard -> cursors.put(shard.name(), shard.cursor()));
        return cursors;
    }
}
