package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.model.Shard;

/**
 * Which shards came from which. The service does not say (ListShards has no link to parents), but its rules do: at any
 * moment the shards that take writes divide the ring of hash keys among them, a split or merge ends the old shards and
 * makes new ones on the same keys, and new shards have higher ids. So of two shards that share a key, the one with the
 * lower id ended before the other began, whatever happened in between: n-way splits, merges of merges, and generations
 * that nobody listed. Creation times are no help, since a child may carry its parent's or none.
 */
final class ShardLineage {

    private ShardLineage() {}

    /** Whether {@code older} held some of the keys of {@code shard} before it. */
    static boolean isAncestor(Shard older, Shard shard) {
        return older.id() < shard.id() && older.range().overlaps(shard.range());
    }
}
