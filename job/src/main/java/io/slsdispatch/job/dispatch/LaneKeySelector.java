package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.RawLogGroup;
import org.apache.flink.api.java.functions.KeySelector;

/**
 * Chooses the key group of a log group, and with it the subtask that dispatches and writes it.
 *
 * <p>The groups of one source shard and one topic always have the same key group, so they stay in order. The shards of
 * one topic are spread over as many lanes, and these evenly over all key groups, so that a hot topic is not bound to one
 * subtask. The lanes of neighbouring shards are far apart: whatever the parallelism, a few shards are spread over it about
 * as well as many. With one lane, all groups of a topic meet in one subtask.
 *
 * <p>The key group depends on topic, shard, number of lanes and maximum parallelism only, neither on the parallelism nor
 * on the JVM.
 */
public final class LaneKeySelector implements KeySelector<RawLogGroup, Integer> {

    private static final long serialVersionUID = 1L;

    private final Integer[] keys;

    /** How many key groups each lane is away from its topic's first. */
    private final int[] offsets;

    /**
     * @param lanes from 1 to {@code maxParallelism}
     * @param maxParallelism of the job, which is the number of key groups
     */
    public LaneKeySelector(int lanes, int maxParallelism) {
        if (lanes < 1 || lanes > maxParallelism) {
            throw new IllegalArgumentException("lanes: expected 1 to " + maxParallelism + ", got " + lanes);
        }
        this.keys = KeyGroupKeys.of(maxParallelism);
        this.offsets = offsets(lanes, maxParallelism);
    }

    @Override
    public Integer getKey(RawLogGroup group) {
        return keys[keyGroup(group.topic(), group.shard())];
    }

    /** The key group of the groups of a topic that come from a shard. */
    int keyGroup(String topic, int shard) {
        int maxParallelism = keys.length;
        return (Math.floorMod(mix(topic.hashCode()), maxParallelism) + offsets[shard % offsets.length])
                % maxParallelism;
    }

    /**
     * Equal shares of the ring of key groups, dealt out so that each next lane falls into the largest gap: 0, 1/2, 1/4,
     * 3/4, 1/8 and so on, which is to count with the bits reversed.
     */
    private static int[] offsets(int lanes, int maxParallelism) {
        int[] offsets = new int[lanes];
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(lanes - 1);
        int lane = 0;
        for (int i = 0; lane < lanes; i++) {
            int reversed = bits == 0 ? 0 : Integer.reverse(i) >>> (Integer.SIZE - bits);
            if (reversed < lanes) {
                // Multiplied before it is divided, so that any number of lanes spreads over the whole ring.
                offsets[lane] = (int) ((long) reversed * maxParallelism / lanes);
                lane++;
            }
        }
        return offsets;
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
