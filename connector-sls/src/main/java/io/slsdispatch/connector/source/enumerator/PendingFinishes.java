package io.slsdispatch.connector.source.enumerator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The finishes that no completed checkpoint of the enumerator holds yet, and who waits to hear that one does. Only then
 * may a reader forget a finished shard: forgotten earlier, it could be in nobody's state when a checkpoint is restored
 * (FLINK-37416, FLINK-37627).
 */
final class PendingFinishes {

    private static final long NO_SNAPSHOT = Long.MAX_VALUE;

    private record Entry(int subtask, long firstCheckpoint) {}

    private final Map<Integer, Entry> open = new HashMap<>();

    /** Notes that a reader said that a shard is finished. Saying it again changes who is answered. */
    void announced(int subtask, int shard) {
        open.compute(shard, (id, known) -> new Entry(subtask, known == null ? NO_SNAPSHOT : known.firstCheckpoint));
    }

    /** Notes that a shard is not finished after all. */
    void withdraw(int shard) {
        open.remove(shard);
    }

    /** Whether a finish waits for a completed checkpoint. */
    boolean contains(int shard) {
        return open.containsKey(shard);
    }

    /** Notes that a snapshot is taken, which holds all finishes announced so far. */
    void snapshot(long checkpoint) {
        open.replaceAll(
                (shard, entry) -> entry.firstCheckpoint == NO_SNAPSHOT ? new Entry(entry.subtask, checkpoint) : entry);
    }

    /** Takes out the finishes that a completed checkpoint holds: shards by the subtask that waits for the answer. */
    Map<Integer, List<Integer>> completed(long checkpoint) {
        Map<Integer, List<Integer>> answers = new TreeMap<>();
        open.entrySet().removeIf(finish -> {
            Entry entry = finish.getValue();
            boolean recorded = entry.firstCheckpoint <= checkpoint;
            if (recorded) {
                answers.computeIfAbsent(entry.subtask, subtask -> new ArrayList<>())
                        .add(finish.getKey());
            }
            return recorded;
        });
        return answers;
    }

    /**
     * Completed checkpoints, given out one period after the next look at them. At the moment when the checkpoint of a stop is
     * complete the tasks end, and Flink takes a message that one of them does not get any more for a failure of the job. To
     * hear of a completed checkpoint late is never wrong: what it holds stays as it was. Not thread-safe.
     */
    static final class DelayedCheckpoints {

        private static final long NONE = -1;

        private long fresh = NONE;
        private long seen = NONE;

        /** A checkpoint is complete, and with it all that were taken before. */
        void completed(long checkpoint) {
            fresh = Math.max(fresh, checkpoint);
        }

        /** Called once in each period: the newest checkpoint that was complete at the last call. */
        OptionalLong next() {
            long settled = seen;
            seen = fresh;
            fresh = NONE;
            return settled == NONE ? OptionalLong.empty() : OptionalLong.of(settled);
        }
    }
}
