package io.slsdispatch.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a checkpoint every second costs, compared with one every ten seconds in the same run. */
final class IntervalBench implements Benchmark {

    private static final String SHORT = "1 s";
    private static final String USUAL = "10 s";
    private static final int MOST_PERCENT = 10;

    /** Of a source with many shards, which are read again and again; each has some groups. */
    private static final long MOST_BACKLOG = 100_000_000;

    /** Each interval is visited so often, in turn, so that what changes in the course of time changes both alike. */
    private static final int VISITS = 2;

    private static final List<Case> CASES = List.of(
            new Case(Profile.SMALL, 4, 3, 0),
            new Case(Profile.SMALL, 4, 3, 30),
            new Case(Profile.SMALL, 4, 100, 0),
            new Case(Profile.SMALL, 4, 100, 30),
            new Case(Profile.SMALL, 512, 3, 0),
            new Case(Profile.LARGE, 4, 3, 0),
            new Case(Profile.LARGE, 4, 3, 30),
            new Case(Profile.LARGE, 4, 100, 0));

    /**
     * A job.
     *
     * @param targets of which three receive groups
     * @param millis between job and service
     */
    private record Case(Profile profile, int shards, int targets, int millis) {

        String source() {
            return "interval-" + profile.text() + "-" + shards;
        }

        String text() {
            return profile.text() + " groups, " + shards + " shards, " + targets + " targets, " + millis + " ms";
        }

        /** As the command line calls it. */
        String name() {
            return "interval/" + profile.text() + "/" + shards + "/" + targets + "/" + millis;
        }
    }

    @Override
    public String name() {
        return "interval";
    }

    @Override
    public void run(BenchOptions options, Report report) throws Exception {
        report.begin(name(), "a checkpoint every " + SHORT + " and every " + USUAL + ", " + VISITS + " visits each");
        List<Case> cases =
                CASES.stream().filter(each -> options.wants(each.name())).toList();
        BenchServer.Builder builder = BenchServer.builder(options).targets(true);
        Map<String, Case> sources = new LinkedHashMap<>();
        cases.forEach(each -> sources.putIfAbsent(each.source(), each));
        sources.forEach((source, each) -> builder.endless(source, each.shards));
        try (BenchServer server = builder.start();
                JobCluster usual =
                        JobCluster.builder(options).checkpointInterval(USUAL).start();
                JobCluster often =
                        JobCluster.builder(options).checkpointInterval(SHORT).start()) {
            for (Map.Entry<String, Case> source : sources.entrySet()) {
                Profile profile = source.getValue().profile;
                server.fill(
                        source.getKey(),
                        profile,
                        Topics.THREE,
                        Math.min(profile.backlogBytes(source.getValue().shards), MOST_BACKLOG));
            }
            boolean cold = true;
            for (Case each : cases) {
                server.delay(each.millis);
                compare(each, cold ? options.cold() : options.warm(), server, usual, often, report);
                cold = false;
            }
        }
    }

    private void compare(
            Case each, Rounds.Plan plan, BenchServer server, JobCluster usual, JobCluster often, Report report)
            throws Exception {
        List<Rounds.Result> long10 = new ArrayList<>();
        List<Rounds.Result> short1 = new ArrayList<>();
        for (int visit = 0; visit < VISITS; visit++) {
            long10.add(measure(each, plan, server, usual));
            short1.add(measure(each, plan, server, often));
        }
        double usualRate = Rounds.Result.of(long10).mbPerSecond().median();
        double oftenRate = Rounds.Result.of(short1).mbPerSecond().median();
        report.add(Figure.of(name(), each.text() + ", every " + USUAL, usualRate, "MB/s"));
        report.add(Figure.of(name(), each.text() + ", every " + SHORT, oftenRate, "MB/s"));
        report.add(Figure.atMost(
                MOST_PERCENT, name(), each.text() + ", slower by", (1 - oftenRate / usualRate) * 100, "%"));
    }

    private static Rounds.Result measure(Case each, Rounds.Plan plan, BenchServer server, JobCluster cluster)
            throws Exception {
        JobConfiguration.More more = JobConfiguration.idleTargets(each.targets - Topics.TARGETS.size());
        try (JobUnderTest job = cluster.start(server, each.source(), 1, more)) {
            return Rounds.measure(job, server, plan);
        }
    }
}
