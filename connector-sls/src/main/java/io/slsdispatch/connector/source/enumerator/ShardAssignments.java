package io.slsdispatch.connector.source.enumerator;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Assignment of shards to readers, and the readers that have reported their shards since their last start. Not part of
 * state: after a restore every reader reports again, at any parallelism.
 */
final class ShardAssignments {

    private final TreeSet<Integer> reported = new TreeSet<>();
    private final Set<Integer> ended = new HashSet<>();
    private final Map<Integer, Integer> holders = new HashMap<>();
    private final Map<Integer, Set<Integer>> openShards = new HashMap<>();

    /** The readers that have reported, by the number of their open shards. */
    private final TreeMap<Integer, TreeSet<Integer>> byLoad = new TreeMap<>();

    /** Removes a failed reader: it will report its shards again. */
    void reset(int subtask) {
        withdrawLoad(subtask);
        reported.remove(subtask);
        ended.remove(subtask);
        Set<Integer> shards = openShards.remove(subtask);
        if (shards != null) {
            holders.keySet().removeAll(shards);
        }
    }

    /**
     * Records the shards that a reader holds.
     *
     * @throws IllegalStateException if another reader holds one of these shards
     */
    void report(int subtask, Collection<Integer> shards) {
        reset(subtask);
        reported.add(subtask);
        showLoad(subtask);
        shards.forEach(shard -> assign(subtask, shard));
    }

    /** Records that a shard is assigned to a reader. */
    void assign(int subtask, int shard) {
        Integer other = holders.put(shard, subtask);
        if (other != null) {
            throw new IllegalStateException("Shard " + shard + " is assigned to reader " + other + " and to reader "
                    + subtask + ": their restored state is not from a single checkpoint.");
        }
        withdrawLoad(subtask);
        openShards.computeIfAbsent(subtask, reader -> new HashSet<>()).add(shard);
        showLoad(subtask);
    }

    /** Records that no reader has a shard any more. */
    void unassign(int shard) {
        Integer subtask = holders.remove(shard);
        if (subtask != null) {
            withdrawLoad(subtask);
            Objects.requireNonNull(openShards.get(subtask)).remove(shard);
            showLoad(subtask);
        }
    }

    private void showLoad(int subtask) {
        if (reported.contains(subtask)) {
            byLoad.computeIfAbsent(load(subtask), load -> new TreeSet<>()).add(subtask);
        }
    }

    private void withdrawLoad(int subtask) {
        byLoad.computeIfPresent(load(subtask), (load, readers) -> {
            readers.remove(subtask);
            return readers.isEmpty() ? null : readers;
        });
    }

    /** Returns the reader that has a shard, null if none has. */
    @Nullable
    Integer readerOf(int shard) {
        return holders.get(shard);
    }

    boolean hasReported(int subtask) {
        return reported.contains(subtask);
    }

    /** Returns whether all readers, at this parallelism, have reported their shards. */
    boolean allReported(int parallelism) {
        return reported.size() >= parallelism;
    }

    /** Returns the reader with the fewest open shards; the lowest if several have as few, -1 if there is none. */
    int leastLoaded() {
        return byLoad.isEmpty() ? -1 : byLoad.firstEntry().getValue().first();
    }

    private int load(int subtask) {
        Set<Integer> shards = openShards.get(subtask);
        return shards == null ? 0 : shards.size();
    }

    /** Returns the readers that have reported, lowest first. */
    Set<Integer> readers() {
        return reported;
    }

    /** Records that a reader was asked to end when it is done; returns false if it was asked before. */
    boolean markEnding(int subtask) {
        return ended.add(subtask);
    }

    boolean isEnding(int subtask) {
        return ended.contains(subtask);
    }
}
