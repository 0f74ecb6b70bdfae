package io.slsdispatch.local.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Compares the groups of a source with the groups of its targets, one by one. A group is identified by its bytes: for
 * two equal groups in the source, two are expected at the target. A group that was split has arrived when all its parts
 * have. It is lost when a part is missing, and a part that arrives once too often is a duplicate. A part may have
 * parts, too, if a target refused it.
 *
 * <p>Every group of the source must be accounted for at each target that its topic is routed to: it is at the target,
 * or among the target's dead letters, or among the groups that the target may drop. The other groups are lost. Ledgers
 * are read once, as streams; see {@link SourceGroups} for the memory that the source needs. Not safe for use by several
 * threads at a time.
 */
public final class Reconciler {

    private final LogstoreLedger source;
    private final Function<String, Set<String>> routes;
    private final Map<String, Tally.Goal> goals = new LinkedHashMap<>();
    private final List<Dump> dumps = new ArrayList<>();
    private RepeatListener listener = (target, repeat, earlierMillis) -> {};

    /** A logstore of dead letters, and the targets whose groups it receives. */
    private record Dump(LogstoreLedger ledger, List<String> targets) {}

    private Reconciler(LogstoreLedger source, Function<String, Set<String>> routes) {
        this.source = source;
        this.routes = routes;
    }

    /**
     * Starts a comparison. Add the targets next.
     *
     * @param routes the names of the targets of a topic; empty when it has none. Add each target before
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
        return add(name, new Tally.Goal(ledger, false));
    }

    /** Adds a target for which groups out of order are reported among the offenders, too. */
    public Reconciler orderedTarget(String name, LogstoreLedger ledger) {
        return add(name, new Tally.Goal(ledger, true));
    }

    private Reconciler add(String name, Tally.Goal goal) {
        if (goals.putIfAbsent(name, goal) != null) {
            throw new IllegalArgumentException("Duplicate target " + name);
        }
        return this;
    }

    /** Adds a dead letter logstore, which receives, unchanged, the groups that some targets reject permanently. */
    public Reconciler deadLetters(LogstoreLedger ledger, String... targets) {
        List.of(targets).forEach(this::goal);
        dumps.add(new Dump(ledger, List.of(targets)));
        return this;
    }

    /** Allows a target to drop this many groups, the number that its job has counted as dropped. */
    public Reconciler mayDrop(String target, long groups) {
        goal(target).mayDrop = groups;
        return this;
    }

    /** Sets the listener that is called for each duplicate. */
    public Reconciler onRepeat(RepeatListener value) {
        listener = value;
        return this;
    }

    private Tally.Goal goal(String target) {
        Tally.Goal goal = goals.get(target);
        if (goal == null) {
            throw new IllegalArgumentException("Unknown target " + target + ", expected one of " + goals.keySet());
        }
        return goal;
    }

    /**
     * Reads the ledgers and compares them.
     *
     * @throws IOException when a ledger cannot be read
     * @throws IllegalArgumentException when a topic is routed to a target that was not added
     */
    public Reconciliation compare() throws IOException {
        SourceGroups groups = new SourceGroups();
        long total = 0;
        for (Iterator<LedgerEntry> entries = source.entries(); entries.hasNext(); ) {
            groups.add(entries.next());
            total++;
        }
        Map<GroupDigest, List<GroupDigest>> refused = new HashMap<>();
        for (Tally.Goal goal : goals.values()) {
            refused.putAll(goal.ledger.partsOfRefused());
        }
        groups.addRefused(refused);
        List<Set<String>> routed = new ArrayList<>();
        for (String topic : groups.topics()) {
            Set<String> names = Set.copyOf(routes.apply(topic));
            names.forEach(this::goal);
            routed.add(names);
        }
        Offenders offenders = new Offenders();
        Map<String, Tally> tallies = new LinkedHashMap<>();
        for (Map.Entry<String, Tally.Goal> goal : goals.entrySet()) {
            Tally tally = new Tally(goal.getKey(), goal.getValue(), new Expectation(groups, routed), offenders);
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

    /** Counts each dead letter for a target that lacks the group. */
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
}
