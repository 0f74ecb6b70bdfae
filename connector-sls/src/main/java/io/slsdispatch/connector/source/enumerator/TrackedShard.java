package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.split.ShardSplit;
import org.jspecify.annotations.Nullable;

/**
 * Unfinished shard, as the enumerator tracks it.
 *
 * @param shard the shard as listed; once it was seen read-only it stays read-only
 * @param initial true if the first listing contained it, so that the configured start applies; others start at their
 *     beginning
 * @param position where reading begins; null before it is resolved, and again once the shard is assigned, because then
 *     only the reader knows the position
 * @param stopCursor where a run that stops "now" ends in this shard; null if there is no such end
 * @param assigned whether a reader has it
 */
record TrackedShard(
        Shard shard,
        boolean initial,
        @Nullable Position position,
        @Nullable String stopCursor,
        boolean assigned) {

    TrackedShard {
        if (assigned && position != null) {
            throw new IllegalArgumentException(
                    "shard " + shard.id() + " is assigned, so only its reader has a position");
        }
    }

    static TrackedShard discovered(Shard shard, boolean initial) {
        return new TrackedShard(shard, initial, null, null, false);
    }

    static TrackedShard heldByReader(Shard shard) {
        return new TrackedShard(shard, false, null, null, true);
    }

    int id() {
        return shard.id();
    }

    boolean isUnresolved() {
        return !assigned && position == null;
    }

    boolean isWaiting() {
        return !assigned && position != null;
    }

    /** Returns whether a listed shard only reuses the id of this one: its logstore was deleted and recreated. */
    boolean isOfRecreatedLogstore(Shard listed) {
        return shard.createdAtSeconds() > 0 && listed.createdAtSeconds() > shard.createdAtSeconds();
    }

    TrackedShard readOnly() {
        return new TrackedShard(
                new Shard(shard.id(), shard.range(), false, shard.createdAtSeconds()),
                initial,
                position,
                stopCursor,
                assigned);
    }

    TrackedShard waitingAt(Position start, @Nullable String stop) {
        return new TrackedShard(shard, initial, start, stop, false);
    }

    TrackedShard withReader() {
        return new TrackedShard(shard, initial, null, stopCursor, true);
    }

    ShardSplit toSplit(LogstoreId logstore) {
        if (position == null) {
            throw new IllegalStateException("shard " + shard.id() + " has no resolved start");
        }
        return new ShardSplit(
                logstore, shard.id(), shard.range(), shard.createdAtSeconds(), position, 0, stopCursor, false);
    }
}
