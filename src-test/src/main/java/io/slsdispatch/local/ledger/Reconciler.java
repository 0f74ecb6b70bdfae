package io.slsdispatch.local.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Compares what a source was given with what its targets hold, group by group. A group is known by its bytes: of two
 * equal groups in the source, two are expected at the target.
 */
public final class Reconciler {

    private static final int OFFENDERS_NAMED = 20;

    private final Function<String, Set<String>> routes;
    private final Map<GroupDigest, Origin> origins = new HashMap<>();
    private final List<String> offenders = new ArrayList<>();
    private long groups;
    private long unrouted;
    private long reordered;

    /** Where in the source a group is, and where it belongs. */
    private static final class Origin {
        private final LedgerEntry first;
        private final Set<String> targets;
        private int count;

        private Origin(LedgerEntry first, Set<String> targets) {
            this.first = first;
            this.targets = targets;
        }
    }

    /** Groups of one source shard and topic keep their order within a shard of a target. */
    private record Sequence(int targetShard, int sourceShard, String topic) {}

    private Reconciler(Function<String, Set<String>> routes) {
        this.routes = routes;
    }

    /**
     * Compares.
     *
     * @param targets the targets by the names that {@code routes} gives
     * @param routes the names of the targets of a topic; empty when it has none
     * @throws IOException when a ledger cannot be read
     */
    public static Reconciliation reconcile(
            LogstoreLedger source, Map<String, LogstoreLedger> targets, Function<String, Set<String>> routes)
            throws IOException {
        Reconciler reconciler = new Reconciler(routes);
        reconciler.read(source);
        List<Reconciliation.Target> rows = new ArrayList<>();
        for (Map.Entry<String, LogstoreLedger> target : targets.entrySet()) {
            rows.add(reconciler.compare(target.getKey(), target.getValue()));
        }
        return new Reconciliation(
                reconciler.groups, reconciler.unrouted, reconciler.reordered, rows, reconciler.offenders);
    }

    private void read(LogstoreLedger source) throws IOException {
        for (Iterator<LedgerEntry> entries = source.entries(); entries.hasNext(); ) {
            LedgerEntry entry = entries.next();
            Origin origin = origins.computeIfAbsent(
                    entry.digest(), digest -> new Origin(entry, Set.copyOf(routes.apply(entry.topic()))));
            origin.count++;
            groups++;
            if (origin.targets.isEmpty()) {
                unrouted++;
            }
        }
    }

    private Reconciliation.Target compare(String name, LogstoreLedger target) throws IOException {
        Map<GroupDigest, Integer> arrivals = new HashMap<>();
        Map<Sequence, Long> furthest = new HashMap<>();
        long arrived = 0;
        long bytes = 0;
        long duplicated = 0;
        long misrouted = 0;
        long altered = 0;
        for (Iterator<LedgerEntry> entries = target.entries(); entries.hasNext(); ) {
            LedgerEntry entry = entries.next();
            arrived++;
            bytes += entry.rawBytes();
            Origin origin = origins.get(entry.digest());
            int seen = arrivals.merge(entry.digest(), 1, Integer::sum);
            if (origin == null) {
                altered++;
                offends("altered", name, entry);
            } else if (!origin.targets.contains(name)) {
                misrouted++;
                offends("misrouted", name, entry);
            } else if (seen > origin.count) {
                duplicated++;
                offends("duplicated", name, entry);
            } else if (origin.count == 1) {
                checkOrder(entry, origin.first, furthest);
            }
        }
        long expected = 0;
        long lost = 0;
        for (Map.Entry<GroupDigest, Origin> entry : origins.entrySet()) {
            Origin origin = entry.getValue();
            if (origin.targets.contains(name)) {
                expected += origin.count;
                int missing = origin.count - arrivals.getOrDefault(entry.getKey(), 0);
                if (missing > 0) {
                    lost += missing;
                    offends("lost, from the source,", name, origin.first);
                }
            }
        }
        return new Reconciliation.Target(name, expected, arrived, bytes, lost, duplicated, misrouted, altered);
    }

    private void checkOrder(LedgerEntry entry, LedgerEntry origin, Map<Sequence, Long> furthest) {
        Sequence sequence = new Sequence(entry.shard(), origin.shard(), origin.topic());
        Long before = furthest.get(sequence);
        if (before != null && before > origin.position()) {
            reordered++;
        } else {
            furthest.put(sequence, origin.position());
        }
    }

    private void offends(String how, String target, LedgerEntry entry) {
        if (offenders.size() < OFFENDERS_NAMED) {
            offenders.add(target + ": " + how + " shard " + entry.shard() + " position " + entry.position()
                    + ", topic '" + entry.topic() + "', " + entry.rawBytes() + " bytes, digest " + entry.digest());
        }
    }
}
