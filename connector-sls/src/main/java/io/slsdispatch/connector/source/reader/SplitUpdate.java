package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.jspecify.annotations.Nullable;

/** What the task thread must know of a shard beside groups: that it moved, or that it is read to its end. */
final class SplitUpdate implements RecordsWithSplitIds<PulledGroup> {

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
