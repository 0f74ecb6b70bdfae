package io.slsdispatch.local.store;

import io.slsdispatch.local.store.shard.HashKey;

/** Which shard a put goes to. */
public sealed interface Route {

    /** Any read-write shard. */
    record Balanced() implements Route {}

    /** The read-write shard that holds a key. */
    record ByKey(HashKey key) implements Route {}

    /**
     * As {@link ByKey}, and only if the id is above the last one that was written under this key.
     *
     * @param sequenceId unsigned
     */
    record InSequence(HashKey key, long sequenceId) implements Route {}

    /** This very shard, read-only or not: for tests of what comes late. */
    record ToShard(int shard) implements Route {}
}
