package io.slsdispatch.connector.source.enumerator;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which readers have said what they hold since they last started, and which of them has which shard. Not part of state:
 * after a restart every reader says so again, at whatever parallelism.
 */
final class ShardAssignments {

    private final TreeSet<Integer> reported = new TreeSet<>();
    private final Set<Integer> ended = new HashSet<>();
    private final Map<Integer, Integer> holders = new HashMap<>();
    private final Map<Integer, Integer> openShards = new HashMap<>();

    /** Forgets a reader that failed: it will say anew what it holds. */
    void reset(int subtask) {
        reported.remove(subtask);
        ended.remove(subtask);
        openShards.remove(subtask);
        holders.values().removeIf(holder -> holder == subtask);
    }

    /**
     * Notes what a reader holds.
     *
     * @throws IllegalStateException when another reader holds one of these shards
     */
    void report(int subtask, Collection<Integer> shards) {
        reset(subtask);
        reported.add(subtask);
        shards.forEach(shard -> assign(subtask, shard));
    }

    /** Notes that a reader has a shard from now on. */
    void assign(int subtask, int shard) {
        Integer other = holders.put(shard, subtask);
        if (other != null) {
            throw new IllegalStateException("Shard " + shard + " is with reader " + other + " and with reader "
                    + subtask + ": the state that they were restored from is not of one checkpoint.");
        }
        openShards.merge(subtask, 1, Integer::sum);
    }

    /** Notes that nobody has a shard any more. */
    void unassign(int shard) {
        Integer subtask = holders.remove(shard);
        if (subtask != null) {
            openShards.merge(subtask, -1, Integer::sum);
        }
    }

    /** The reader that has a shard, null when none has. */
    @Nullable
    Integer readerOf(int shard) {
        return holders.get(shard);
    }

    boolean hasReported(int subtask) {
        return reported.contains(subtask);
    }

    /** Whether all of so many readers have said what they hold. */
    boolean allReported(int parallelism) {
        return reported.size() >= parallelism;
    }

    /** The reader with the fewest open shards, the lowest of several. */
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

    /** The readers that have reported, lowest first. */
    Set<Integer> readers() {
        return reported;
    }

    /** Notes that a reader was told to end when it is done; false when it was told before. */
    boolean markEnding(int subtask) {
        return ended.add(subtask);
    }

    boolean isEnding(int subtask) {
        return ended.contains(subtask);
    }
}
