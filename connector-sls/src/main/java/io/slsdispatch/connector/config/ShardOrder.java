package io.slsdispatch.connector.config;

import org.apache.flink.annotation.PublicEvolving;

/**
 * When the shards that a split or merge created are read. Groups of one hash key are in the older shards first, so this
 * option determines how far their order is kept.
 */
@PublicEvolving
public enum ShardOrder {
    /**
     * At once: every shard is read as soon as it is found. Fastest on a backlog, and without an order across shards.
     */
    NONE,
    /**
     * After their parent shards are read to the end. The source emits the groups of a hash key in order; behind the
     * source, a group of a new shard may overtake one of an old shard.
     */
    AFTER_READ,
    /**
     * After a completed checkpoint contains that their parent shards are read to the end. With sinks that deliver
     * everything before a checkpoint, the order of a hash key is then kept up to the targets.
     *
     * <p>Requires checkpoints, without which new shards are never read, and aligned ones: a barrier that overtakes
     * groups does not prove that they are delivered.
     */
    AFTER_DELIVERY
}
