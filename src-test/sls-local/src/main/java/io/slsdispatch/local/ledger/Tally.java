package io.slsdispatch.local.ledger;

import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** Counts the groups that one target has and compares them with the expectation. */
final class Tally {

    private final String name;
    private final Goal goal;
    private final Expectation expectation;
    private final SourceGroups groups;
    private final Offenders offenders;
    private final int[] arrivals;
    private int[] dead = {};
    private final Map<Sequence, Place> furthest = new HashMap<>();
    private long arrived;
    private long bytes;
    private long duplicated;
    private long misrouted;
    private long altered;
    private long reordered;

    /** A target as configured, before its ledger is read. */
    static final class Goal {
        final LogstoreLedger ledger;
        final boolean ordered;
        long mayDrop;

        Goal(LogstoreLedger ledger, boolean ordered) {
            this.ledger = ledger;
            this.ordered = ordered;
        }
    }

    /** Groups of one source shard and topic keep their order within a shard of a target. */
    private record Sequence(int targetShard, int sourceShard, int topic) {}

    /** A position in a source shard; each part of a group has its own. */
    private record Place(long position, int part) {

        boolean isBehind(Place other) {
            return position > other.position || (position == other.position && part > other.part);
        }
    }

    Tally(String name, Goal goal, Expectation expectation, Offenders offenders) {
        this.name = name;
        this.goal = goal;
        this.expectation = expectation;
        this.groups = expectation.groups();
        this.offenders = offenders;
        this.arrivals = new int[groups.size()];
    }

    boolean expects(int group) {
        return expectation.at(name, group);
    }

    void read(RepeatListener listener) throws IOException {
        long[] lastMillis = new long[groups.size()];
        for (Iterator<LedgerEntry> entries = goal.ledger.entries(); entries.hasNext(); ) {
            LedgerEntry entry = entries.next();
            arrived++;
            bytes += entry.rawBytes();
            int group = groups.find(entry.digest());
            if (group == SourceGroups.NONE) {
                altered++;
                offenders.add(Offenders.Kind.ALTERED, name, entry);
            } else if (!expects(group)) {
                misrouted++;
                offenders.add(Offenders.Kind.MISROUTED, name, entry);
            } else {
                if (++arrivals[group] > groups.copies(group)) {
                    duplicated++;
                    offenders.add(Offenders.Kind.DUPLICATED, name, entry);
                    listener.repeated(name, entry, lastMillis[group]);
                } else if (groups.copies(group) == 1) {
                    checkOrder(entry, group);
                }
                lastMillis[group] = entry.receivedMillis();
            }
        }
    }

    private void checkOrder(LedgerEntry entry, int group) {
        Sequence sequence = new Sequence(entry.shard(), groups.shard(group), groups.topic(group));
        Place place = new Place(groups.position(group), groups.partIndex(group));
        Place before = furthest.get(sequence);
        if (before != null && before.isBehind(place)) {
            reordered++;
            if (goal.ordered) {
                offenders.add(Offenders.Kind.REORDERED, name, entry);
            }
        } else {
            furthest.put(sequence, place);
        }
    }

    /** Counts a dead letter for this group or part. Returns false when the target does not lack it. */
    boolean acceptsDeadLetter(int group) {
        if (!expects(group) || arrivals[group] + dead(group) >= groups.copies(group)) {
            return false;
        }
        if (dead.length == 0) {
            dead = new int[groups.size()];
        }
        dead[group]++;
        return true;
    }

    private int dead(int group) {
        return dead.length == 0 ? 0 : dead[group];
    }

    Reconciliation.Target row() {
        long expected = 0;
        long missing = 0;
        long deadLettered = 0;
        PartStock stock = new PartStock(groups, group -> arrivals[group], this::dead);
        for (int group = 0; group < groups.size(); group++) {
            int count = expects(group) ? groups.count(group) : 0;
            expected += count;
            int there = Math.min(count, arrivals[group]);
            int buried = Math.min(count - there, dead(group));
            int absent = count - there - buried;
            deadLettered += buried;
            for (boolean inParts = true; absent > 0 && inParts; ) {
                PartStock.Found found = stock.take(group);
                inParts = found != PartStock.Found.NOT_ALL;
                absent -= inParts ? 1 : 0;
                deadLettered += found == PartStock.Found.PARTLY_DEAD ? 1 : 0;
            }
            missing += absent;
            if (absent > 0 && missing > goal.mayDrop) {
                offenders.add(Offenders.Kind.LOST, name, groups.first(group));
            }
        }
        long dropped = Math.min(missing, goal.mayDrop);
        return new Reconciliation.Target(
                name,
                goal.ordered,
                new Reconciliation.Holdings(expected, arrived, bytes, deadLettered, dropped),
                new Reconciliation.Findings(missing - dropped, duplicated, misrouted, altered, reordered));
    }
}
