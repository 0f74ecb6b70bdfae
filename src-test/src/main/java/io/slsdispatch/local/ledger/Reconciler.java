package io.slsdispatch.local.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a source was given with what its targets hold, group by group. A group is known by its bytes: of two
 * equal groups in the source, two are expected at the target.
 *
 * <p>Every group of the source must be accounted for at each target that its topic is routed to: it is there, or among
 * the target's dead letters, or among those that the target may drop. What is left is lost. Ledgers are read once, as
 * streams; see {@link SourceGroups} for the memory that the source takes. One thread at a time.
 */
public final class Reconciler {

    private final LogstoreLedger source;
    private final Function<String, Set<String>> routes;
    private final Map<String, Goal> goals = new LinkedHashMap<>();
    private final List<Dump> dumps = new ArrayList<>();
    private RepeatListener listener = (target, repeat, earlierMillis) -> {};

    /** What is known of a target before its ledger is read. */
    private static final class Goal {
        private final LogstoreLedger ledger;
        private final boolean ordered;
        private long mayDrop;

        private Goal(LogstoreLedger ledger, boolean ordered) {
            this.ledger = ledger;
            this.ordered = ordered;
        }
    }

    /** A logstore of dead letters, and the targets whose groups it takes. */
    private record Dump(LogstoreLedger ledger, List<String> targets) {}

    /** Told of each arrival at a target that is one more than the source has of the group. */
    @FunctionalInterface
    public interface RepeatListener {

        /**
         * @param target the target's name
         * @param repeat the arrival
         * @param earlierMillis when the arrival before it was received, in the order of the target's ledger: shards one
         *     after the other, so that it may also be the later one
         */
        void repeated(String target, LedgerEntry repeat, long earlierMillis);
    }

    private Reconciler(LogstoreLedger source, Function<String, Set<String>> routes) {
        this.source = source;
        this.routes = routes;
    }

    /**
     * Begins a comparison. Name the targets next.
     *
     * @param routes the names of the targets of a topic; empty when it has none. Each must be named before
     *     {@link #compare}
     */
    public static Reconciler of(LogstoreLedger source, Function<String, Set<String>> routes) {
        return new Reconciler(source, routes);
    }

    /**
     * Compares a source with targets that keep no dead letters and drop nothing.
     *
     * @param targets the targets by the names that {@code routes} gives
     * @param routes the names of the targets of a topic; empty when it has none
     * @throws IOException when a ledger cannot be read
     */
    public static Reconciliation reconcile(
            LogstoreLedger source, Map<String, LogstoreLedger> targets, Function<String, Set<String>> routes)
            throws IOException {
        Reconciler reconciler = of(source, routes);
        targets.forEach(reconciler::target);
        return reconciler.compare();
    }

    /** Adds a target. */
    public Reconciler target(String name, LogstoreLedger ledger) {
        return add(name, new Goal(ledger, false));
    }

    /** Adds a target where groups out of their order are named among the offenders, too. */
    public Reconciler orderedTarget(String name, LogstoreLedger ledger) {
        return add(name, new Goal(ledger, true));
    }

    private Reconciler add(String name, Goal goal) {
        if (goals.putIfAbsent(name, goal) != null) {
            throw new IllegalArgumentException("target " + name + " is named twice");
        }
        return this;
    }

    /** Adds a logstore that takes, unchanged, what some targets refuse for good. */
    public Reconciler deadLetters(LogstoreLedger ledger, String... targets) {
        List.of(targets).forEach(this::goal);
        dumps.add(new Dump(ledger, List.of(targets)));
        return this;
    }

    /** Lets a target drop so many groups: what its job has counted as dropped. */
    public Reconciler mayDrop(String target, long groups) {
        goal(target).mayDrop = groups;
        return this;
    }

    /** Tells of each repeat. */
    public Reconciler onRepeat(RepeatListener value) {
        listener = value;
        return this;
    }

    private Goal goal(String target) {
        Goal goal = goals.get(target);
        if (goal == null) {
            throw new IllegalArgumentException("target " + target + " is not one of " + goals.keySet());
        }
        return goal;
    }

    /**
     * Reads the ledgers and compares.
     *
     * @throws IOException when a ledger cannot be read
     * @throws IllegalArgumentException when a topic is routed to a target that was not named
     */
    public Reconciliation compare() throws IOException {
        SourceGroups groups = new SourceGroups();
        long total = 0;
        for (Iterator<LedgerEntry> entries = source.entries(); entries.hasNext(); ) {
            groups.add(entries.next());
            total++;
        }
        List<Set<String>> routed = new ArrayList<>();
        for (String topic : groups.topics()) {
            Set<String> names = Set.copyOf(routes.apply(topic));
            names.forEach(this::goal);
            routed.add(names);
        }
        Offenders offenders = new Offenders();
        Map<String, Tally> tallies = new LinkedHashMap<>();
        for (Map.Entry<String, Goal> goal : goals.entrySet()) {
            Tally tally = new Tally(goal.getKey(), goal.getValue(), groups, routed, offenders);
            tally.read(listener);
            tallies.put(goal.getKey(), tally);
        }
        List<Reconciliation.DeadLetters> dead = new ArrayList<>();
        for (Dump dump : dumps) {
            List<Tally> served = dump.targets().stream().map(tallies::get).toList();
            dead.add(read(dump, groups, served, offenders));
        }
        List<Reconciliation.Target> rows =
                tallies.values().stream().map(Tally::row).toList();
        long unrouted = 0;
        for (int group = 0; group < groups.size(); group++) {
            unrouted += routed.get(groups.topic(group)).isEmpty() ? groups.count(group) : 0;
        }
        return new Reconciliation(total, unrouted, rows, dead, offenders.named());
    }

    /** Gives each dead letter to a target that lacks it. */
    private static Reconciliation.DeadLetters read(
            Dump dump, SourceGroups groups, List<Tally> served, Offenders offenders) throws IOException {
        String name = dump.ledger().name();
        long arrived = 0;
        long repeated = 0;
        long misrouted = 0;
        long altered = 0;
        for (Iterator<LedgerEntry> entries = dump.ledger().entries(); entries.hasNext(); ) {
            LedgerEntry entry = entries.next();
            arrived++;
            int group = groups.find(entry.digest());
            if (group == SourceGroups.NONE) {
                altered++;
                offenders.add(Offenders.Kind.ALTERED, name, entry);
            } else if (served.stream().noneMatch(tally -> tally.expects(group))) {
                misrouted++;
                offenders.add(Offenders.Kind.MISROUTED, name, entry);
            } else if (served.stream().noneMatch(tally -> tally.acceptsDeadLetter(group))) {
                repeated++;
            }
        }
        return new Reconciliation.DeadLetters(name, arrived, repeated, misrouted, altered);
    }

    /** Groups of one source shard and topic keep their order within a shard of a target. */
    private record Sequence(int targetShard, int sourceShard, int topic) {}

    /** What one target holds. */
    private static final class Tally {

        private final String name;
        private final Goal goal;
        private final SourceGroups groups;
        private final List<Set<String>> routed;
        private final Offenders offenders;
        private final int[] arrivals;
        private int @Nullable [] dead;
        private final Map<Sequence, Long> furthest = new HashMap<>();
        private long arrived;
        private long bytes;
        private long duplicated;
        private long misrouted;
        private long altered;
        private long reordered;

        private Tally(String name, Goal goal, SourceGroups groups, List<Set<String>> routed, Offenders offenders) {
            this.name = name;
            this.goal = goal;
            this.groups = groups;
            this.routed = routed;
            this.offenders = offenders;
            this.arrivals = new int[groups.size()];
        }

        boolean expects(int group) {
            return routed.get(groups.topic(group)).contains(name);
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
                    if (++arrivals[group] > groups.count(group)) {
                        duplicated++;
                        offenders.add(Offenders.Kind.DUPLICATED, name, entry);
                        listener.repeated(name, entry, lastMillis[group]);
                    } else if (groups.count(group) == 1) {
                        checkOrder(entry, group);
                    }
                    lastMillis[group] = entry.receivedMillis();
                }
            }
        }

        private void checkOrder(LedgerEntry entry, int group) {
            Sequence sequence = new Sequence(entry.shard(), groups.shard(group), groups.topic(group));
            long position = groups.position(group);
            Long before = furthest.get(sequence);
            if (before != null && before > position) {
                reordered++;
                if (goal.ordered) {
                    offenders.add(Offenders.Kind.REORDERED, name, entry);
                }
            } else {
                furthest.put(sequence, position);
            }
        }

        /** Whether the target lacks this group, so that a dead letter stands for it. */
        boolean acceptsDeadLetter(int group) {
            if (!expects(group)) {
                return false;
            }
            if (dead == null) {
                dead = new int[groups.size()];
            }
            if (arrivals[group] + dead[group] >= groups.count(group)) {
                return false;
            }
            dead[group]++;
            return true;
        }

        Reconciliation.Target row() {
            long expected = 0;
            long missing = 0;
            long deadLettered = 0;
            for (int group = 0; group < groups.size(); group++) {
                if (expects(group)) {
                    expected += groups.count(group);
                    int buried = dead == null ? 0 : dead[group];
                    deadLettered += buried;
                    int absent = groups.count(group) - arrivals[group] - buried;
                    if (absent > 0) {
                        missing += absent;
                        if (missing > goal.mayDrop) {
                            offenders.add(Offenders.Kind.LOST, name, groups.first(group));
                        }
                    }
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

    /** The first few of each kind, so that many of one kind do not hide the others. */
    private static final class Offenders {

        private static final int NAMED = 20;

        private enum Kind {
            LOST("lost, from the source,"),
            ALTERED("altered"),
            MISROUTED("misrouted"),
            REORDERED("reordered"),
            DUPLICATED("duplicated");

            private final String words;

            Kind(String words) {
                this.words = words;
            }
        }

        private final Map<Kind, List<String>> byKind = new TreeMap<>();

        void add(Kind kind, String where, LedgerEntry entry) {
            List<String> named = byKind.computeIfAbsent(kind, first -> new ArrayList<>());
            if (named.size() < NAMED) {
                named.add(where + ": " + kind.words + " shard " + entry.shard() + " position " + entry.position()
                        + ", topic '" + entry.topic() + "', " + entry.rawBytes() + " bytes, digest "
                        + entry.digest());
            }
        }

        /** The worst first. */
        List<String> named() {
            return byKind.values().stream().flatMap(List::stream).toList();
        }
    }
}
