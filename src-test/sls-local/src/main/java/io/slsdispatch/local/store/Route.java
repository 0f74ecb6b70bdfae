package io.slsdispatch.local.store;

import io.slsdispatch.local.store.shard.HashKey;

/** Selects the shard that a put is written to. */
public sealed interface Route {

    /** Any read-write shard. */
    record Balanced() implements Route {}

    /** The read-write shard that holds a key. */
    record ByKey(HashKey key) implements Route {}

    /**
     * Like {@link ByKey}, but written only if the id is above the last one that was written under this key.
     *
     * @param sequenceId unsigned
     */
    record InSequence(HashKey key, long sequenceId) implements Route {}

    /** Exactly this shard, even if it is read-only: for tests of late writes. */
    record ToShard(int shard) implements Route {}
}
