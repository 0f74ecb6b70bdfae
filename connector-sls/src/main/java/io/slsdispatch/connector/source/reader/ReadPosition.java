package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Position of the next pull of a shard, and information about the previous pulls. One thread. */
final class ReadPosition {

    private final long createdAtSeconds;
    private Cursor cursor;
    private int skip;
    private long receivedAtSeconds;

    ReadPosition(ShardSplit split) {
        this.createdAtSeconds = split.createdAtSeconds();
        this.cursor = split.position().cursor();
        this.skip = split.position().emitted();
        this.receivedAtSeconds = split.receivedAtSeconds();
    }

    Cursor cursor() {
        return cursor;
    }

    /** Returns how many groups after the cursor are emitted already. */
    int skip() {
        return skip;
    }

    /** Returns when the service received the last group before the cursor, unix seconds; 0 if not known. */
    long receivedAtSeconds() {
        return receivedAtSeconds;
    }

    /** Returns the cursor after the emitted groups, as far as numbers show: the true one is not before it. */
    Cursor behindEmitted() {
        return cursor.plus(skip).orElse(cursor);
    }

    /** Returns when the last group before the cursor was received, or an earlier time; null if not known. */
    @Nullable
    Instant lastKnownReceipt() {
        long seconds = Math.max(receivedAtSeconds, createdAtSeconds);
        return seconds > 0 ? Instant.ofEpochSecond(seconds) : null;
    }

    /** Advances after a batch that was pulled from here, and returns how many of its groups are emitted already. */
    int moveBehind(PulledBatch batch) {
        if (batch.receivedAtSeconds() > 0) {
            receivedAtSeconds = batch.receivedAtSeconds();
        }
        int skipped = Math.min(skip, batch.groups());
        skip -= skipped;
        cursor = batch.next();
        return skipped;
    }

    void moveTo(Position position) {
        cursor = position.cursor();
        skip = position.emitted();
    }
}
