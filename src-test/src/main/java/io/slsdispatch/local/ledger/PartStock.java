package io.slsdispatch.local.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** Parts that are at a target or among its dead letters, and are given to the groups that they are parts of. */
final class PartStock {

    private final SourceGroups groups;
    private final IntUnaryOperator arrivals;
    private final IntUnaryOperator dead;
    private final Map<Integer, Integer> taken = new HashMap<>();

    /**
     * @param arrivals at the target, by number
     * @param dead among its dead letters, by number
     */
    PartStock(SourceGroups groups, IntUnaryOperator arrivals, IntUnaryOperator dead) {
        this.groups = groups;
        this.arrivals = arrivals;
        this.dead = dead;
    }

    /** Whether every part of a group is left; false for a group that has none. */
    boolean hasAllOf(int group) {
        Map<Integer, Integer> wanted = groups.partsOf(group);
        return !wanted.isEmpty()
                && wanted.entrySet().stream()
                        .allMatch(part -> left(part.getKey(), dead.applyAsInt(part.getKey())) >= part.getValue());
    }

    /** Takes every part of a group. Answers whether all of them are at the target itself. */
    boolean takeAllOf(int group) {
        boolean allArrived = true;
        for (Map.Entry<Integer, Integer> part : groups.partsOf(group).entrySet()) {
            allArrived &= left(part.getKey(), 0) >= part.getValue();
            taken.merge(part.getKey(), part.getValue(), Integer::sum);
        }
        return allArrived;
    }

    /** What is a group of the source as well is needed as that first. */
    private int left(int part, int buried) {
        int all = arrivals.applyAsInt(part) + buried;
        return all - Math.min(all, groups.count(part)) - taken.getOrDefault(part, 0);
    }
}
