package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.metrics.ShardMetrics;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.source.split.ShardSplit;

/** Where a shard stands by what was emitted: what a checkpoint holds. Task thread. */
final class ShardSplitState {

    private final ShardSplit split;
    private final ShardMetrics metrics;
    private String cursor;
    private int emitted;

    ShardSplitState(ShardSplit split, ShardMetrics metrics) {
        this.split = split;
        this.metrics = metrics;
        this.cursor = split.position().cursor();
        this.emitted = split.position().emitted();
    }

    void moveTo(String newCursor, int newEmitted) {
        cursor = newCursor;
        emitted = newEmitted;
    }

    ShardMetrics metrics() {
        return metrics;
    }

    ShardSplit toSplit(boolean finished) {
        return split.at(new Position(cursor, emitted), finished);
    }
}
