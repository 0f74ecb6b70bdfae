package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.model.Shard;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The unfinished shards by id. What is asked after each event of a reader takes a time that hardly depends on their
 * number: with thousands of shards there are thousands of events.
 */
final class UnfinishedShards {

    private final TreeMap<Integer, TrackedShard> shards = new TreeMap<>();
    private final TreeSet<Integer> waiting = new TreeSet<>();
    private final TreeSet<Integer> unresolved = new TreeSet<>();
    private final ShardRanges ranges = new ShardRanges();

    /**
     * For an assigned shard whose logstore was deleted and recreated, the new shard with the same id. If the reader may
     * continue, it reads the new shard, whose key range and state decide about its end and its children. Each listing
     * finds it again.
     */
    private final Map<Integer, Shard> successors = new HashMap<>();

    @Nullable
    TrackedShard get(int id) {
        return shards.get(id);
    }

    boolean contains(int id) {
        return shards.containsKey(id);
    }

    /** Adds a shard, in place of the one with the same id. */
    void put(TrackedShard shard) {
        int id = shard.id();
        shards.put(id, shard);
        sort(waiting, id, shard.isWaiting());
        sort(unresolved, id, shard.isUnresolved());
        ranges.put(successors.getOrDefault(id, shard.shard()));
    }

    private static void sort(Set<Integer> ids, int id, boolean belongs) {
        if (belongs) {
            ids.add(id);
        } else {
            ids.remove(id);
        }
    }

    /** Returns the removed shard; null if there was none. */
    @Nullable
    TrackedShard remove(int id) {
        waiting.remove(id);
        unresolved.remove(id);
        ranges.remove(id);
        successors.remove(id);
        return shards.remove(id);
    }

    /** Records the new shard with the id of an unfinished one, and returns whether that is news. */
    boolean follows(Shard successor) {
        boolean news = !successor.equals(successors.put(successor.id(), successor));
        ranges.put(successor);
        return news;
    }

    /** Returns a shard that must be finished before this one is read; empty if there is none. */
    Optional<Shard> ancestorOf(Shard shard) {
        return ranges.ancestorOf(shard);
    }

    /** The ids, lowest first. */
    NavigableSet<Integer> ids() {
        return Collections.unmodifiableNavigableSet(shards.navigableKeySet());
    }

    /** All, lowest id first. */
    Collection<TrackedShard> all() {
        return Collections.unmodifiableCollection(shards.values());
    }

    int count() {
        return shards.size();
    }

    int assignedCount() {
        return shards.size() - waiting.size() - unresolved.size();
    }

    /** Those with a start and without a reader, lowest id first. */
    Stream<TrackedShard> waiting() {
        return waiting.stream().map(id -> Objects.requireNonNull(shards.get(id)));
    }

    /** Those without a start, lowest id first. */
    Stream<TrackedShard> unresolved() {
        return unresolved.stream().map(id -> Objects.requireNonNull(shards.get(id)));
    }
}
