package io.slsdispatch.connector.source.enumerator;

import java.util.OptionalLong;

/**
 * Completed checkpoints, given out one period after the next look at them. At the moment when the checkpoint of a stop is
 * complete the tasks end, and Flink takes a message that one of them does not get any more for a failure of the job. To
 * hear of a completed checkpoint late is never wrong: what it holds stays as it was. Not thread-safe.
 */
final class DelayedCheckpoints {

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
