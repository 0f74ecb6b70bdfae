package io.slsdispatch.bench;

import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.ledger.Reconciler;
import io.slsdispatch.local.ledger.Reconciliation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How long a group takes from the source's acknowledgement to being visible in its target, by the books of SLS Local, at a
 * steady 5 MB/s; how long a job takes to start; and whether everything arrived with its bytes unchanged.
 */
final class LatencyBench implements Benchmark {

    private static final String SOURCE = "latency";
    private static final int SHARDS = 4;
    private static final int LOGS = 100;
    private static final double BYTES_PER_SECOND = 5_000_000;
    private static final Duration WARM_UP = Duration.ofSeconds(12);
    private static final Duration MEASURED = Duration.ofSeconds(20);
    private static final Duration DELIVERY = Duration.ofSeconds(60);
    private static final double SECOND = 1e9;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public void run(BenchOptions options, Report report) throws Exception {
        report.begin(name(), "from the source to the target at 5 MB/s in groups of about 25 KB; start-up");
        try (BenchServer server = BenchServer.builder(options)
                .logstore(SOURCE, SHARDS)
                .targets(false)
                .start()) {
            server.put(SOURCE, new BenchLogs(7).next(Topics.TARGETS.get(0), 1));
            long put = 1;
            try (JobCluster cluster = JobCluster.builder(options).start();
                    JobUnderTest job = cluster.start(server, SOURCE, 1)) {
                awaitGroups(server, put);
                report.add(Figure.of(
                        name(),
                        "from the submission of the job to the first group in its target",
                        (System.nanoTime() - job.submittedAt()) / SECOND,
                        "s"));
                long begin = System.currentTimeMillis();
                put += feed(server);
                awaitGroups(server, put);
                job.check();
                reconcile(server);
                report(server, begin + WARM_UP.toMillis(), report);
            }
        }
    }

    private static void awaitGroups(BenchServer server, long groups) throws Exception {
        long deadline = System.nanoTime() + DELIVERY.toNanos();
        while (server.counts().groups() < groups) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "only " + server.counts().groups() + " of " + groups + " groups arrived within " + DELIVERY);
            }
            Rounds.pause(Duration.ofMillis(20));
        }
    }

    /** Puts at a steady rate; returns how many groups. */
    private static long feed(BenchServer server) throws Exception {
        BenchLogs logs = new BenchLogs(1);
        Supplier<String> topic = Topics.THREE.sequence();
        long begin = System.nanoTime();
        long end = begin + WARM_UP.plus(MEASURED).toNanos();
        double bytes = 0;
        long groups = 0;
        while (System.nanoTime() < end) {
            byte[] group = logs.next(topic.get(), LOGS);
            server.put(SOURCE, group);
            bytes += group.length;
            groups++;
            long ahead = begin + (long) (bytes / BYTES_PER_SECOND * SECOND) - System.nanoTime();
            if (ahead > 0) {
                Rounds.pause(Duration.ofNanos(ahead));
            }
        }
        return groups;
    }

    private static void reconcile(BenchServer server) throws IOException {
        Map<String, LogstoreLedger> targets = new LinkedHashMap<>();
        Topics.TARGETS.forEach(target -> targets.put(target, server.ledger(target)));
        Reconciliation found = Reconciler.reconcile(server.ledger(SOURCE), targets, topic -> Topics.TARGETS.stream()
                .filter(topic::startsWith)
                .collect(Collectors.toSet()));
        if (found.lost() > 0 || found.altered() > 0 || found.misrouted() > 0) {
            throw new IllegalStateException("what went in did not come out: " + found);
        }
    }

    private void report(BenchServer server, long fromMillis, Report report) throws IOException {
        Map<GroupDigest, Long> received = new HashMap<>();
        for (LedgerEntry entry : all(server.ledger(SOURCE))) {
            if (entry.receivedMillis() >= fromMillis) {
                received.put(entry.digest(), entry.receivedMillis());
            }
        }
        List<Long> latencies = new ArrayList<>();
        for (String target : Topics.TARGETS) {
            for (LedgerEntry entry : all(server.ledger(target))) {
                Long at = received.remove(entry.digest());
                if (at != null) {
                    latencies.add(entry.receivedMillis() - at);
                }
            }
        }
        latencies.sort(null);
        report.add(Figure.atMost(300, name(), "latency, p50", quantile(latencies, 0.5), "ms"));
        report.add(Figure.atMost(1000, name(), "latency, p99", quantile(latencies, 0.99), "ms"));
        report.add(Figure.of(name(), "latency, p99.9", quantile(latencies, 0.999), "ms"));
        report.add(Figure.of(name(), "groups measured, all of which arrived unchanged", latencies.size(), ""));
    }

    private static List<LedgerEntry> all(LogstoreLedger ledger) throws IOException {
        List<LedgerEntry> entries = new ArrayList<>();
        for (Iterator<LedgerEntry> each = ledger.entries(); each.hasNext(); ) {
            entries.add(each.next());
        }
        return entries;
    }

    private static double quantile(List<Long> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * share)));
    }
}
