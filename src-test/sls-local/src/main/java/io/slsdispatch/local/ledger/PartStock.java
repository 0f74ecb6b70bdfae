package io.slsdispatch.local.ledger;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Matches parts to their groups: the parts that are at a target or among its dead letters are allocated to the groups
 * that they are parts of.
 */
final class PartStock {

    /** The result of looking for the parts of a group. */
    enum Found {
        /** A part is missing, or the group has none. */
        NOT_ALL,
        /** All parts are at the target. */
        AT_TARGET,
        /** All parts were found, some of them only among the dead letters. */
        PARTLY_DEAD
    }

    private record Taken(int part, int count) {}

    private final SourceGroups groups;
    private final IntUnaryOperator arrivals;
    private final IntUnaryOperator dead;
    private final Map<Integer, Integer> taken = new HashMap<>();

    /**
     * @param arrivals number of arrivals at the target, by group number
     * @param dead number of dead letters, by group number
     */
    PartStock(SourceGroups groups, IntUnaryOperator arrivals, IntUnaryOperator dead) {
        this.groups = groups;
        this.arrivals = arrivals;
        this.dead = dead;
    }

    /** Allocates every part of a group, or none when one is missing. */
    Found take(int group) {
        Deque<Taken> steps = new ArrayDeque<>();
        Found found = take(group, steps);
        if (found == Found.NOT_ALL) {
            steps.forEach(step -> taken.merge(step.part(), -step.count(), Integer::sum));
        }
        return found;
    }

    private Found take(int group, Deque<Taken> steps) {
        Found found = groups.partsOf(group).isEmpty() ? Found.NOT_ALL : Found.AT_TARGET;
        for (Map.Entry<Integer, Integer> part : groups.partsOf(group).entrySet()) {
            int number = part.getKey();
            int whole = Math.min(part.getValue(), left(number, dead.applyAsInt(number)));
            found = left(number, 0) < whole ? Found.PARTLY_DEAD : found;
            taken.merge(number, whole, Integer::sum);
            steps.add(new Taken(number, whole));
            // A part that is missing may have been split into parts itself.
            for (int more = whole; more < part.getValue(); more++) {
                Found inParts = take(number, steps);
                if (inParts == Found.NOT_ALL) {
                    return inParts;
                }
                found = inParts == Found.PARTLY_DEAD ? inParts : found;
            }
        }
        return found;
    }

    /** The copies left for use as a part. Copies that the source needs as a group of its own are counted first. */
    private int left(int part, int buried) {
        int all = arrivals.applyAsInt(part) + buried;
        return Math.max(0, all - Math.min(all, groups.count(part)) - taken.getOrDefault(part, 0));
    }
}
