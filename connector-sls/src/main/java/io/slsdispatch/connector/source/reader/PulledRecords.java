package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.jspecify.annotations.Nullable;

/** A pulled batch on its way to the task thread, which slices it group by group. */
final class PulledRecords implements RecordsWithSplitIds<PulledGroup> {

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

    /**
     * @param onRecycle called once, when the batch is not needed any more
     */
    PulledRecords(int shard, PullResult.Emit emit, Runnable onRecycle) {
        this.shard = shard;
        this.cursor = emit.cursor();
        PulledBatch batch = emit.batch();
        this.nextCursor = batch.nextCursor();
        this.index = emit.index();
        this.isNumbered = batch.leavesOutNoNumber(cursor);
        this.next = emit.skip();
        this.receivedAtMillis = batch.receivedAtSeconds() > 0 ? batch.receivedAtSeconds() * 1000 : PulledGroup.NO_TIME;
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
