package io.slsdispatch.local.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The distinct groups of a source, numbered from 0 in the order in which they were first added, including the parts of
 * groups and of other parts. Each needs about 60 bytes, so many millions fit in an ordinary heap. Not safe for use by
 * several threads.
 */
final class SourceGroups {

    /** The number that means no such group. */
    static final int NONE = -1;

    private static final int FIRST_CAPACITY = 1024;

    // Indexed by group number.
    private long[] high = new long[FIRST_CAPACITY];
    private long[] low = new long[FIRST_CAPACITY];
    private long[] position = new long[FIRST_CAPACITY];
    private int[] shard = new int[FIRST_CAPACITY];
    private int[] rawBytes = new int[FIRST_CAPACITY];
    private int[] topic = new int[FIRST_CAPACITY];
    private int[] count = new int[FIRST_CAPACITY];
    private int size;

    // Open addressing: number + 1 of the group whose digest hashes here, 0 where there is none. At most half full.
    private int[] slots = new int[2 * FIRST_CAPACITY];

    private final List<String> topics = new ArrayList<>();
    private final Map<String, Integer> topicNumbers = new HashMap<>();

    // Few groups have parts.

    /** How often each part is in a group, by the group's number. */
    private final Map<Integer, Map<Integer, Integer>> parts = new HashMap<>();

    private final Map<Integer, PartPlace> partPlaces = new HashMap<>();

    /** The index of a part in its group, and how often it is expected as a part. */
    private static final class PartPlace {
        private int index;
        private int copies;
    }

    /** Adds a group and its parts, or increments their counts when a group has the same digest. */
    void add(LedgerEntry entry) {
        int number = numberOf(entry.digest(), entry);
        count[number]++;
        int index = 0;
        Map<Integer, Integer> made = new LinkedHashMap<>();
        for (GroupDigest digest : entry.parts()) {
            int part = numberOf(digest, entry);
            PartPlace place = partPlaces.computeIfAbsent(part, first -> new PartPlace());
            place.index = ++index;
            place.copies++;
            made.merge(part, 1, Integer::sum);
        }
        if (!made.isEmpty()) {
            parts.put(number, made);
        }
    }

    /**
     * Adds the parts of groups that targets have refused, and the parts of such parts. Call it once, after all groups
     * are added.
     *
     * @param refused the parts of each refused group, in order
     */
    void addRefused(Map<GroupDigest, List<GroupDigest>> refused) {
        if (refused.isEmpty()) {
            return;
        }
        Set<Integer> counted = Set.copyOf(parts.keySet());
        for (int number = 0, groups = size; number < groups; number++) {
            if (count[number] > 0) {
                addRefused(refused, counted, number, count[number], 0);
            }
        }
    }

    /** Returns the index of the last part. */
    private int addRefused(
            Map<GroupDigest, List<GroupDigest>> refused, Set<Integer> counted, int whole, int copies, int before) {
        Map<Integer, Integer> made = parts.get(whole);
        if (made == null) {
            made = new LinkedHashMap<>();
            for (GroupDigest digest : refused.getOrDefault(digest(whole), List.of())) {
                made.merge(numberOf(digest, first(whole)), 1, Integer::sum);
            }
            if (made.isEmpty()) {
                return before;
            }
            parts.put(whole, made);
        }
        int index = before;
        for (Map.Entry<Integer, Integer> part : made.entrySet()) {
            int more = Math.multiplyExact(copies, part.getValue());
            PartPlace place = partPlaces.computeIfAbsent(part.getKey(), first -> new PartPlace());
            // A part comes before its own parts, and these before the next one.
            place.index = ++index;
            place.copies += counted.contains(whole) ? 0 : more;
            index = addRefused(refused, counted, part.getKey(), more, index);
        }
        return index;
    }

    private int numberOf(GroupDigest digest, LedgerEntry first) {
        int slot = slotOf(digest);
        if (slots[slot] != 0) {
            return slots[slot] - 1;
        }
        if (size == high.length) {
            grow();
            slot = slotOf(digest);
        }
        int number = size++;
        slots[slot] = number + 1;
        high[number] = digest.high();
        low[number] = digest.low();
        position[number] = first.position();
        shard[number] = first.shard();
        rawBytes[number] = first.rawBytes();
        topic[number] = numberOf(first.topic());
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

    /** The number of distinct groups and parts. */
    int size() {
        return size;
    }

    /** All topics of groups, each at its number. */
    List<String> topics() {
        return topics;
    }

    GroupDigest digest(int number) {
        return new GroupDigest(high[number], low[number]);
    }

    /** The shard of its first occurrence. */
    int shard(int number) {
        return shard[number];
    }

    /** Its position in that shard. */
    long position(int number) {
        return position[number];
    }

    /** The number of its topic. */
    int topic(int number) {
        return topic[number];
    }

    /** How often it is in the source; 0 if it is only a part. */
    int count(int number) {
        return count[number];
    }

    /** How often it may be at a target, as a group of its own and as a part. */
    int copies(int number) {
        PartPlace place = partPlace(number);
        return count[number] + (place == null ? 0 : place.copies);
    }

    /** Its index among the parts of its group, starting at 1; 0 if it is not a part. */
    int partIndex(int number) {
        PartPlace place = partPlace(number);
        return place == null ? 0 : place.index;
    }

    private @Nullable PartPlace partPlace(int number) {
        return partPlaces.isEmpty() ? null : partPlaces.get(number);
    }

    /** The parts of a group: the number of each part, in order, with how often it occurs. Empty if it has no parts. */
    Map<Integer, Integer> partsOf(int number) {
        return parts.getOrDefault(number, Map.of());
    }

    /** Its first occurrence. The time of receipt is not kept. */
    LedgerEntry first(int number) {
        List<GroupDigest> digests =
                partsOf(number).keySet().stream().map(this::digest).toList();
        return new LedgerEntry(
                shard[number],
                position[number],
                0,
                rawBytes[number],
                digest(number),
                topics.get(topic[number]),
                digests);
    }
}
