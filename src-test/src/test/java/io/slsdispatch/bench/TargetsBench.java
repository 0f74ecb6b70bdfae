package io.slsdispatch.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What targets cost that receive nothing: three of all receive groups. */
final class TargetsBench implements Benchmark {

    private static final String SOURCE = "targets-source";
    private static final int SHARDS = 4;
    private static final int PARALLELISM = 2;
    private static final int FEW = 3;

    /** By the number of targets: how many percent slower than with three the job may be. */
    private static final Map<Integer, Integer> MOST_PERCENT = Map.of(300, 10, 1_003, 20);

    private static final List<Integer> TARGETS = List.of(FEW, 300, 1_003);

    /** Each is visited so often, in turn. */
    private static final int VISITS = 3;

    @Override
    public String name() {
        return "targets";
    }

    @Override
    public void run(BenchOptions options, Report report) throws Exception {
        report.begin(
                name(),
                "small groups for three targets, " + SHARDS + " shards, parallelism " + PARALLELISM + ", " + VISITS
                        + " visits to each in turn");
        try (BenchServer server = BenchServer.builder(options)
                        .targets(true)
                        .endless(SOURCE, SHARDS)
                        .start();
                JobCluster cluster =
                        JobCluster.builder(options).slots(PARALLELISM).start()) {
            server.fill(SOURCE, Profile.SMALL, Topics.THREE, Profile.SMALL.backlogBytes(SHARDS));
            Map<Integer, List<Rounds.Result>> visits = new LinkedHashMap<>();
            try (JobUnderTest job = cluster.start(server, SOURCE, PARALLELISM)) {
                Rounds.warmUp(job, server, options.cold());
            }
            for (int visit = 0; visit < VISITS; visit++) {
                for (int targets : TARGETS) {
                    JobConfiguration.More more = JobConfiguration.idleTargets(targets - FEW);
                    try (JobUnderTest job = cluster.start(server, SOURCE, PARALLELISM, more)) {
                        visits.computeIfAbsent(targets, first -> new ArrayList<>())
                                .add(Rounds.measure(job, server, options.warm()));
                    }
                }
            }
            Map<Integer, Double> rates = new LinkedHashMap<>();
            visits.forEach((targets, each) ->
                    rates.put(targets, Rounds.Result.of(each).mbPerCpuSecond().median()));
            rates.forEach((targets, rate) -> report.add(Figure.of(name(), targets + " targets", rate, "MB/CPU-s")));
            rates.forEach((targets, rate) -> {
                if (targets != FEW) {
                    report.add(Figure.atMost(
                            MOST_PERCENT.getOrDefault(targets, 0),
                            name(),
                            targets + " targets are slower than " + FEW + " by",
                            (1 - rate / rates.getOrDefault(FEW, Double.NaN)) * 100,
                            "%"));
                }
            });
        }
    }
}
