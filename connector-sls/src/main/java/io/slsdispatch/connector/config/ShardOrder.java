package io.slsdispatch.connector.config;

import org.apache.flink.annotation.PublicEvolving;

/**
 * What the shards that a split or merge made wait for. Groups of one hash key are in the older shards first, so this
 * decides how far their order holds.
 */
@PublicEvolving
public enum ShardOrder {
    /** Nothing: every shard is read as soon as it is found. Fastest on a backlog, and without an order across shards. */
    NONE,
    /**
     * Until the shards that they came from are read to their end. The order of a hash key holds where the source emits;
     * behind it, a group of a new shard may overtake one of an old shard.
     */
    AFTER_READ,
    /**
     * Until a completed checkpoint holds that the shards they came from are read to their end. With sinks that deliver
     * everything before a checkpoint, the order of a hash key then holds up to the targets.
     *
     * <p>Needs checkpoints, without which new shards are never read, and aligned ones: a barrier that overtakes groups says
     * nothing about their delivery.
     */
    AFTER_DELIVERY
}
