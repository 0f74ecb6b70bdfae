package io.slsdispatch.local.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The different groups of a source, numbered from 0 in the order in which they were first added. About 60 bytes for
 * each, so that many millions fit in an ordinary heap. Not safe for use by several threads.
 */
final class SourceGroups {

    /** There is no such group. */
    static final int NONE = -1;

    private static final int FIRST_CAPACITY = 1024;

    // By number.
    private long[] high = new long[FIRST_CAPACITY];
    private long[] low = new long[FIRST_CAPACITY];
    private long[] position = new long[FIRST_CAPACITY];
    private int[] shard = new int[FIRST_CAPACITY];
    private int[] rawBytes = new int[FIRST_CAPACITY];
    private int[] topic = new int[FIRST_CAPACITY];
    private int[] count = new int[FIRST_CAPACITY];
    private int size;

    // Open addressing: number + 1 of the group whose digest leads here, 0 where there is none. At most half full.
    private int[] slots = new int[2 * FIRST_CAPACITY];

    private final List<String> topics = new ArrayList<>();
    private final Map<String, Integer> topicNumbers = new HashMap<>();

    /** Adds a group, or counts it once more when there is one of the same digest. Answers its number. */
    int add(LedgerEntry entry) {
        int slot = slotOf(entry.digest());
        if (slots[slot] != 0) {
            int known = slots[slot] - 1;
            count[known]++;
            return known;
        }
        if (size == high.length) {
            grow();
            slot = slotOf(entry.digest());
        }
        int number = size++;
        slots[slot] = number + 1;
        high[number] = entry.digest().high();
        low[number] = entry.digest().low();
        position[number] = entry.position();
        shard[number] = entry.shard();
        rawBytes[number] = entry.rawBytes();
        topic[number] = numberOf(entry.topic());
        count[number] = 1;
        return number;
    }

    private int numberOf(String name) {
        Integer known = topicNumbers.get(name);
        if (known != null) {
            return known;
        }
        topics.add(name);
        topicNumbers.put(name, topics.size() - 1);
        return topics.size() - 1;
    }

    /** The number of the group with this digest, or {@link #NONE}. */
    int find(GroupDigest digest) {
        return slots[slotOf(digest)] - 1;
    }

    private int slotOf(GroupDigest digest) {
        int mask = slots.length - 1;
        int slot = (int) (digest.high() ^ digest.high() >>> 32) & mask;
        while (slots[slot] != 0 && (high[slots[slot] - 1] != digest.high() || low[slots[slot] - 1] != digest.low())) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        int capacity = Math.multiplyExact(2, size);
        high = Arrays.copyOf(high, capacity);
        low = Arrays.copyOf(low, capacity);
        position = Arrays.copyOf(position, capacity);
        shard = Arrays.copyOf(shard, capacity);
        rawBytes = Arrays.copyOf(rawBytes, capacity);
        topic = Arrays.copyOf(topic, capacity);
        count = Arrays.copyOf(count, capacity);
        slots = new int[Math.multiplyExact(2, capacity)];
        for (int number = 0; number < size; number++) {
            slots[slotOf(digest(number))] = number + 1;
        }
    }

    /** How many different groups there are. */
    int size() {
        return size;
    }

    /** All topics that groups have, each at its number. */
    List<String> topics() {
        return topics;
    }

    GroupDigest digest(int number) {
        return new GroupDigest(high[number], low[number]);
    }

    /** The shard where it was seen first. */
    int shard(int number) {
        return shard[number];
    }

    /** Its place in that shard. */
    long position(int number) {
        return position[number];
    }

    /** The number of its topic. */
    int topic(int number) {
        return topic[number];
    }

    /** How often it is in the source. */
    int count(int number) {
        return count[number];
    }

    /** Where it was seen first. The time of its receipt is not kept. */
    LedgerEntry first(int number) {
        return new LedgerEntry(
                shard[number], position[number], 0, rawBytes[number], digest(number), topics.get(topic[number]));
    }
}
