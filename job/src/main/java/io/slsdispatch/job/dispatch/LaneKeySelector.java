package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.RawLogGroup;
import org.apache.flink.api.java.functions.KeySelector;

/**
 * Chooses the key group of a log group, and with it the subtask that dispatches and writes it.
 *
 * <p>The groups of one source shard and one topic always have the same key group, so they stay in order. The shards of
 * one topic are spread over as many lanes, and these evenly over all key groups, so that a hot topic is not bound to one
 * subtask: with as many lanes as subtasks it uses all of them. With one lane, all groups of a topic meet in one subtask.
 *
 * <p>The key group depends on topic, shard, number of lanes and maximum parallelism only, neither on the parallelism nor
 * on the JVM.
 */
public final class LaneKeySelector implements KeySelector<RawLogGroup, Integer> {

    private static final long serialVersionUID = 1L;

    private final int lanes;
    private final Integer[] keys;

    /**
     * @param lanes from 1 to {@code maxParallelism}
     * @param maxParallelism of the job, which is the number of key groups
     */
    public LaneKeySelector(int lanes, int maxParallelism) {
        if (lanes < 1 || lanes > maxParallelism) {
            throw new IllegalArgumentException("lanes: expected 1 to " + maxParallelism + ", got " + lanes);
        }
        this.lanes = lanes;
        this.keys = KeyGroupKeys.of(maxParallelism);
    }

    @Override
    public Integer getKey(RawLogGroup group) {
        return keys[keyGroup(group.topic(), group.shard())];
    }

    /** The key group of the groups of a topic that come from a shard. */
    int keyGroup(String topic, int shard) {
        int maxParallelism = keys.length;
        // Multiplied before it is divided, so that any number of lanes spreads over the whole ring of key groups.
        int offset = (int) ((long) (shard % lanes) * maxParallelism / lanes);
        return (Math.floorMod(mix(topic.hashCode()), maxParallelism) + offset) % maxParallelism;
    }

    /**
     * Spreads the bits of a hash: {@link String#hashCode()}, which the language defines and every JVM computes alike,
     * gives similar topics neighbouring values. (The finisher of MurmurHash3.)
     */
    private static int mix(int hash) {
        int mixed = hash;
        mixed ^= mixed >>> 16;
        mixed *= 0x85ebca6b;
        mixed ^= mixed >>> 13;
        mixed *= 0xc2b2ae35;
        mixed ^= mixed >>> 16;
        return mixed;
    }
}
