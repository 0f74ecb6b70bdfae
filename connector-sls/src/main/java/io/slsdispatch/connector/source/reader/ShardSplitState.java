package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.metrics.ShardMetrics;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.source.split.ShardEvent.ShardProgress;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.util.concurrent.TimeUnit;

/** Position of a shard after the emitted groups, for checkpoints. Task thread. */
final class ShardSplitState {

    private final ShardSplit split;
    private final ShardMetrics metrics;
    private String cursor;
    private int emitted;
    private long receivedAtSeconds;

    ShardSplitState(ShardSplit split, ShardMetrics metrics) {
        this.split = split;
        this.metrics = metrics;
        this.cursor = split.position().cursor().text();
        this.emitted = split.position().emitted();
        this.receivedAtSeconds = split.receivedAtSeconds();
    }

    void moveTo(String newCursor, int newEmitted) {
        cursor = newCursor;
        emitted = newEmitted;
    }

    /** Records when the service received the emitted group. */
    void receivedAt(long millis) {
        receivedAtSeconds = TimeUnit.MILLISECONDS.toSeconds(millis);
    }

    ShardMetrics metrics() {
        return metrics;
    }

    /** Returns how far the shard is read, in a bounded run. */
    ShardProgress progress() {
        String at = Cursor.of(cursor).plus(emitted).map(Cursor::text).orElse(cursor);
        String known = metrics.stopCursor();
        return new ShardProgress(split.shard(), at, known == null ? split.stopCursor() : known, receivedAtSeconds);
    }

    ShardSplit toSplit(boolean finished) {
        return split.at(new Position(cursor, emitted), receivedAtSeconds, finished);
    }
}
