package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.source.reader.PullAction.PullResult;
import io.slsdispatch.connector.source.reader.PulledRecords.PulledGroup;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.jspecify.annotations.Nullable;

/**
 * Records passed from the fetcher thread to the task thread: the groups of a batch, or an update of a split without
 * groups.
 */
sealed interface PulledRecords extends RecordsWithSplitIds<PulledGroup> {

    /** A pulled batch, which the task thread slices group by group. */
    final class Batch implements PulledRecords {

        private final int shard;
        private final String cursor;
        private final String nextCursor;
        private final GroupIndex index;
        private final boolean isNumbered;
        private final long receivedAtMillis;
        private final Runnable onRecycle;
        private final PulledGroup pulled = new PulledGroup();
        private int next;
        private boolean handedOut;
        private boolean recycled;

        /** @param onRecycle called once, when the batch is no longer needed */
        Batch(int shard, PullResult.Emit emit, Runnable onRecycle) {
            this.shard = shard;
            this.cursor = emit.cursor();
            PulledBatch batch = emit.batch();
            this.nextCursor = batch.nextCursor();
            this.index = emit.index();
            this.isNumbered = batch.leavesOutNoNumber(cursor);
            this.next = emit.skip();
            this.receivedAtMillis =
                    batch.receivedAtSeconds() > 0 ? batch.receivedAtSeconds() * 1000 : PulledGroup.NO_TIME;
            this.onRecycle = onRecycle;
        }

        @Override
        public @Nullable String nextSplit() {
            if (handedOut) {
                return null;
            }
            handedOut = true;
            return ShardSplit.splitId(shard);
        }

        @Override
        public @Nullable PulledGroup nextRecordFromSplit() {
            if (next == index.groups()) {
                return null;
            }
            int i = next++;
            RawLogGroup group = index.group(i, shard, cursor, isNumbered);
            return next < index.groups()
                    ? pulled.set(group, receivedAtMillis, cursor, next)
                    : pulled.set(group, receivedAtMillis, nextCursor, 0);
        }

        @Override
        public Set<String> finishedSplits() {
            return Set.of();
        }

        @Override
        public void recycle() {
            if (!recycled) {
                recycled = true;
                onRecycle.run();
            }
        }
    }

    /** Update of a split without groups: its position changed, or the shard is read to the end. */
    final class SplitUpdate implements PulledRecords {

        private @Nullable String splitToMove;
        private @Nullable PulledGroup move;
        private final Set<String> finished;

        private SplitUpdate(@Nullable String splitToMove, @Nullable PulledGroup move, Set<String> finished) {
            this.splitToMove = splitToMove;
            this.move = move;
            this.finished = finished;
        }

        static SplitUpdate none() {
            return new SplitUpdate(null, null, Set.of());
        }

        static SplitUpdate moved(int shard, Position position) {
            PulledGroup move = new PulledGroup()
                    .set(null, PulledGroup.NO_TIME, position.cursor().text(), position.emitted());
            return new SplitUpdate(ShardSplit.splitId(shard), move, Set.of());
        }

        static SplitUpdate finished(int shard) {
            return new SplitUpdate(null, null, Set.of(ShardSplit.splitId(shard)));
        }

        @Override
        public @Nullable String nextSplit() {
            String split = splitToMove;
            splitToMove = null;
            return split;
        }

        @Override
        public @Nullable PulledGroup nextRecordFromSplit() {
            PulledGroup record = move;
            move = null;
            return record;
        }

        @Override
        public Set<String> finishedSplits() {
            return finished;
        }
    }

    /**
     * Input of the emitter: a group, and the position of the shard after the group is emitted. A batch reuses one
     * object for all of its groups, so the object is valid until the next group is requested.
     */
    final class PulledGroup {

        /** Timestamp of groups for which the service did not report a receive time. */
        static final long NO_TIME = Long.MIN_VALUE;

        private @Nullable RawLogGroup group;
        private long receivedAtMillis = NO_TIME;
        private String cursor = "";
        private int emitted;

        PulledGroup set(@Nullable RawLogGroup next, long timeMillis, String cursorAfter, int emittedAfter) {
            this.group = next;
            this.receivedAtMillis = timeMillis;
            this.cursor = cursorAfter;
            this.emitted = emittedAfter;
            return this;
        }

        /** Returns the group; null if only the position of the shard changes. */
        @Nullable
        RawLogGroup group() {
            return group;
        }

        /** Returns when the service received the batch's last group, in milliseconds, or {@link #NO_TIME}. */
        long receivedAtMillis() {
            return receivedAtMillis;
        }

        /** Returns the cursor of the position after this group. */
        String cursor() {
            return cursor;
        }

        /** Returns how many groups after its cursor that position is. */
        int emitted() {
            return emitted;
        }
    }
}
