package io.slsdispatch.connector.source.enumerator;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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
    private final Map<Integer, Integer> openShards = new HashMap<>();

    /** Removes a failed reader: it will report its shards again. */
    void reset(int subtask) {
        reported.remove(subtask);
        ended.remove(subtask);
        openShards.remove(subtask);
        holders.values().removeIf(holder -> holder == subtask);
    }

    /**
     * Records the shards that a reader holds.
     *
     * @throws IllegalStateException if another reader holds one of these shards
     */
    void report(int subtask, Collection<Integer> shards) {
        reset(subtask);
        reported.add(subtask);
        shards.forEach(shard -> assign(subtask, shard));
    }

    /** Records that a shard is assigned to a reader. */
    void assign(int subtask, int shard) {
        Integer other = holders.put(shard, subtask);
        if (other != null) {
            throw new IllegalStateException("Shard " + shard + " is assigned to reader " + other + " and to reader "
                    + subtask + ": their restored state is not from a single checkpoint.");
        }
        openShards.merge(subtask, 1, Integer::sum);
    }

    /** Records that no reader has a shard any more. */
    void unassign(int shard) {
        Integer subtask = holders.remove(shard);
        if (subtask != null) {
            openShards.merge(subtask, -1, Integer::sum);
        }
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

    /** Returns the reader with the fewest open shards; the lowest if several have as few. */
    int leastLoaded() {
        int least = -1;
        for (int subtask : reported) {
            if (least < 0 || load(subtask) < load(least)) {
                least = subtask;
            }
        }
        return least;
    }

    private int load(int subtask) {
        return openShards.getOrDefault(subtask, 0);
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
