package io.slsdispatch.local.store;

import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The assignment of shards to the consumers of a consumer group. Shards are spread evenly over the live consumers. A
 * shard that must move is first left out of the responses to its holder. It is assigned to another consumer only when a
 * heartbeat of the holder no longer lists it, or when the holder is dead. So no two consumers ever hold the same shard.
 *
 * <p>Not safe for use by several threads.
 */
final class Assignment {

    private final Map<String, Member> members = new TreeMap<>();
    private final Map<Integer, Place> places = new TreeMap<>();

    private record Member(long lastMillis, Set<Integer> held) {}

    private record Place(String consumer, boolean leaving) {}

    /**
     * The state that must survive a restart.
     *
     * @param held by consumer, the shards that it listed last
     * @param owners by shard, its consumer
     */
    record State(Map<String, Set<Integer>> held, Map<Integer, String> owners) {

        static final State EMPTY = new State(Map.of(), Map.of());

        State {
            held = Map.copyOf(held);
            owners = Map.copyOf(owners);
        }
    }

    /** Restores an assignment from a state. Every consumer in it counts as seen at this moment. */
    static Assignment restored(State state, long nowMillis) {
        Assignment assignment = new Assignment();
        state.held()
                .forEach((consumer, held) -> assignment.members.put(consumer, new Member(nowMillis, Set.copyOf(held))));
        state.owners().forEach((shard, consumer) -> assignment.places.put(shard, new Place(consumer, false)));
        return assignment;
    }

    State state() {
        Map<String, Set<Integer>> held = new HashMap<>();
        members.forEach((consumer, member) -> held.put(consumer, member.held()));
        Map<Integer, String> owners = new HashMap<>();
        places.forEach((shard, place) -> owners.put(shard, place.consumer()));
        return new State(held, owners);
    }

    /**
     * Processes a heartbeat.
     *
     * @param held the shards that the consumer says it still holds
     * @param shards all shards that may be assigned
     * @param timeoutMillis how long a consumer stays alive without a heartbeat
     * @return the shards that the consumer may hold from now on, in ascending order
     * @throws Refusal NotExistConsumerWithBody when an unknown consumer reports that it holds shards
     */
    List<Integer> heartbeat(
            String consumer, Set<Integer> held, Collection<Integer> shards, long nowMillis, long timeoutMillis) {
        bury(nowMillis - timeoutMillis);
        if (!members.containsKey(consumer) && !held.isEmpty()) {
            throw new Refusal(
                    ErrorCode.NOT_EXIST_CONSUMER_WITH_BODY,
                    "consumer " + consumer + " is unknown but reports that it holds shards " + held);
        }
        members.put(consumer, new Member(nowMillis, Set.copyOf(held)));
        places.keySet().retainAll(Set.copyOf(shards));
        places.entrySet()
                .removeIf(
                        entry -> entry.getValue().equals(new Place(consumer, true)) && !held.contains(entry.getKey()));
        for (int shard : shards) {
            places.computeIfAbsent(shard, free -> new Place(adopter(free), false));
        }
        rebalance();
        return places.entrySet().stream()
                .filter(entry -> entry.getValue().equals(new Place(consumer, false)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether a consumer sent a heartbeat within the time-out. */
    boolean isAlive(String consumer, long nowMillis, long timeoutMillis) {
        Member member = members.get(consumer);
        return member != null && member.lastMillis() >= nowMillis - timeoutMillis;
    }

    /** The consumer that holds a shard, even while the shard is moving to another consumer. */
    Optional<String> ownerOf(int shard) {
        return Optional.ofNullable(places.get(shard)).map(Place::consumer);
    }

    private void bury(long lastMillis) {
        members.values().removeIf(member -> member.lastMillis() < lastMillis);
        places.values().removeIf(place -> !members.containsKey(place.consumer()));
    }

    /** The consumer for a free shard: one that reports that it holds the shard, else the one with the fewest shards. */
    private String adopter(int shard) {
        return members.entrySet().stream()
                .filter(entry -> entry.getValue().held().contains(shard))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> fewest(staying()));
    }

    private void rebalance() {
        while (true) {
            Map<String, Integer> staying = staying();
            String richest = most(staying);
            Map<String, Integer> later = new HashMap<>(staying);
            places.values().stream()
                    .filter(Place::leaving)
                    .forEach(place -> later.merge(fewest(later), 1, Integer::sum));
            if (later.getOrDefault(richest, 0) - later.getOrDefault(fewest(later), 0) <= 1) {
                return;
            }
            leave(richest);
        }
    }

    private void leave(String consumer) {
        Set<Integer> staying = new HashSet<>();
        places.forEach((shard, place) -> {
            if (place.equals(new Place(consumer, false))) {
                staying.add(shard);
            }
        });
        staying.stream()
                .max(Comparator.naturalOrder())
                .ifPresent(shard -> places.put(shard, new Place(consumer, true)));
    }

    private Map<String, Integer> staying() {
        Map<String, Integer> counts = new HashMap<>();
        members.keySet().forEach(consumer -> counts.put(consumer, 0));
        places.values().stream()
                .filter(place -> !place.leaving())
                .forEach(place -> counts.merge(place.consumer(), 1, Integer::sum));
        return counts;
    }

    private static String fewest(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .min(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .orElseThrow()
                .getKey();
    }

    private static String most(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .orElseThrow()
                .getKey();
    }
}
