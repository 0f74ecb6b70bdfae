package io.slsdispatch.connector.source.enumerator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Pending finishes: finished shards that no completed checkpoint of the enumerator contains yet, with the readers that
 * wait for the confirmation. A reader may drop a finished shard only after it. If it dropped the shard earlier, a
 * restored checkpoint could have the shard in no state at all (FLINK-37416, FLINK-37627).
 */
final class PendingFinishes {

    private static final long NO_SNAPSHOT = Long.MAX_VALUE;

    private record Entry(int subtask, long firstCheckpoint) {}

    private final Map<Integer, Entry> open = new HashMap<>();

    /** Records that a reader reported a shard as finished. A repeated report changes the reader that is notified. */
    void announced(int subtask, int shard) {
        open.compute(shard, (id, known) -> new Entry(subtask, known == null ? NO_SNAPSHOT : known.firstCheckpoint));
    }

    /** Removes a finish, because the shard turned out to be unfinished. */
    void withdraw(int shard) {
        open.remove(shard);
    }

    /** Returns whether a finish waits for a completed checkpoint. */
    boolean contains(int shard) {
        return open.containsKey(shard);
    }

    /** Records that a snapshot was taken, which contains all finishes reported so far. */
    void snapshot(long checkpoint) {
        open.replaceAll(
                (shard, entry) -> entry.firstCheckpoint == NO_SNAPSHOT ? new Entry(entry.subtask, checkpoint) : entry);
    }

    /** Removes and returns the finishes in a completed checkpoint: shards by the subtask to notify. */
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
     * Completed checkpoints whose notification is delayed: each is returned one period after the next call sees it.
     * When the checkpoint of a stop completes, the tasks end, and Flink treats a message that a task no longer receives
     * as a failure of the job. A late notification is always correct, because the content of a checkpoint does not
     * change. Not thread-safe.
     */
    static final class DelayedCheckpoints {

        private static final long NONE = -1;

        private long fresh = NONE;
        private long seen = NONE;

        /** Records that a checkpoint is complete, and with it all that were taken before. */
        void completed(long checkpoint) {
            fresh = Math.max(fresh, checkpoint);
        }

        /** Called once per period: returns the newest checkpoint that was complete at the last call. */
        OptionalLong next() {
            long settled = seen;
            seen = fresh;
            fresh = NONE;
            return settled == NONE ? OptionalLong.empty() : OptionalLong.of(settled);
        }
    }
}
