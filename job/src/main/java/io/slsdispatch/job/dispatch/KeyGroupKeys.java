package io.slsdispatch.job.dispatch;

import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * For each key group a key that Flink puts into it. Flink hashes keys into key groups; this is the way back, so that
 * whoever keys a stream can choose the key group itself.
 */
final class KeyGroupKeys {

    private KeyGroupKeys() {}

    /**
     * The smallest non-negative key of each key group, at the place of the key group's number. The same in every JVM: it
     * depends on {@code maxParallelism} only.
     */
    static Integer[] of(int maxParallelism) {
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
}
