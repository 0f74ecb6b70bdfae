package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.RawLogGroup;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Key selector that assigns a log group to a key group, and so to the subtask that dispatches and writes it.
 *
 * <p>The groups of one source shard and one topic always have the same key group, so they stay in order. The shards of
 * one topic are spread over the partitions, and the partitions evenly over all key groups, so that a hot topic is not
 * limited to one subtask. The partitions of neighbouring shards are far apart: at any parallelism, a few shards are
 * spread about as well as many. With one partition, all groups of a topic go to one subtask.
 *
 * <p>The key group depends only on topic, shard, number of partitions and maximum parallelism, and not on the
 * parallelism or the JVM.
 */
public final class SaltedTopicKeySelector implements KeySelector<RawLogGroup, Integer> {

    private static final long serialVersionUID = 1L;

    /** One key of each key group. */
    private final Integer[] keys;

    /** The distance of each partition from the first of its topic, in key groups. */
    private final int[] offsets;

    /**
     * @param partitions from 1 to {@code maxParallelism}
     * @param maxParallelism maximum parallelism of the job, which is the number of key groups
     */
    public SaltedTopicKeySelector(int partitions, int maxParallelism) {
        if (partitions < 1 || partitions > maxParallelism) {
            throw new IllegalArgumentException("lanes: expected 1 to " + maxParallelism + ", got " + partitions);
        }
        this.keys = keysOfKeyGroups(maxParallelism);
        this.offsets = offsets(partitions, maxParallelism);
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
     * The smallest non-negative key of each key group, at the index of the key group. Flink hashes keys into key
     * groups; this is the inverse. It is the same in every JVM: it depends on {@code maxParallelism} only.
     */
    static Integer[] keysOfKeyGroups(int maxParallelism) {
        Integer[] keys = new Integer[maxParallelism];
        int missing = maxParallelism;
        for (int key = 0; missing > 0; key++) {
            int keyGroup = KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism);
            if (keys[keyGroup] == null) {
                keys[keyGroup] = key;
                missing--;
            }
        }
        return keys;
    }

    /**
     * Equal shares of the ring of key groups, assigned so that each partition falls into the largest gap: 0, 1/2, 1/4,
     * 3/4, 1/8 and so on (bit-reversal order).
     */
    private static int[] offsets(int partitions, int maxParallelism) {
        int[] offsets = new int[partitions];
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(partitions - 1);
        int partition = 0;
        for (int i = 0; partition < partitions; i++) {
            int reversed = bits == 0 ? 0 : Integer.reverse(i) >>> (Integer.SIZE - bits);
            if (reversed < partitions) {
                // Multiplied before the division, so that any number of partitions spreads over the whole ring.
                offsets[partition] = (int) ((long) reversed * maxParallelism / partitions);
                partition++;
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
