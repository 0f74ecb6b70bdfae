package io.slsdispatch.soak;

import io.slsdispatch.local.ledger.GroupDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The groups that a target was given more than once, with the times of their arrivals. */
final class Repeats {

    private final Map<Place, SortedSet<Arrival>> arrivals = new HashMap<>();
    private int counted;

    private record Place(String target, GroupDigest group) {}

    /** The number tells arrivals of one millisecond apart. */
    private record Arrival(long millis, int number) implements Comparable<Arrival> {

        @Override
        public int compareTo(Arrival other) {
            int byTime = Long.compare(millis, other.millis);
            return byTime != 0 ? byTime : Integer.compare(number, other.number);
        }
    }

    /** Adds an arrival beyond the first. Of each group the earlier time counts with its first repeat. */
    void add(String target, GroupDigest group, long earlierMillis, long millis) {
        SortedSet<Arrival> all = arrivals.computeIfAbsent(new Place(target, group), first -> new TreeSet<>());
        if (all.isEmpty()) {
            all.add(new Arrival(earlierMillis, counted++));
        }
        all.add(new Arrival(millis, counted++));
    }

    /** Sees one repeat. */
    @FunctionalInterface
    interface Visitor {

        /**
         * @param beforeMillis when the group had arrived the time before
         * @param millis when it arrived again
         */
        void visit(String target, GroupDigest group, long beforeMillis, long millis);
    }

    /** Shows each repeat, in the order of their times for each group. */
    void forEach(Visitor visitor) {
        arrivals.forEach((place, all) -> {
            long before = all.first().millis();
            for (Arrival arrival : all.tailSet(new Arrival(before, all.first().number() + 1))) {
                visitor.visit(place.target(), place.group(), before, arrival.millis());
                before = arrival.millis();
            }
        });
    }
}
