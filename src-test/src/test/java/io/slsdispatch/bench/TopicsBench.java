package io.slsdispatch.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whether it matters how many topics there are, and whether one of them has nearly everything. */
final class TopicsBench implements Benchmark {

    private static final int SHARDS = 16;
    private static final int PARALLELISM = 2;

    /** Each is visited so often, in turn, so that what changes in the course of time changes all alike. */
    private static final int VISITS = 2;

    @Override
    public String name() {
        return "topics";
    }

    @Override
    public void run(BenchOptions options, Report report) throws Exception {
        report.begin(
                name(),
                "small groups, " + SHARDS + " shards, parallelism " + PARALLELISM + ", " + VISITS
                        + " visits to each in turn");
        BenchServer.Builder builder = BenchServer.builder(options).targets(true);
        for (Topics topics : Topics.values()) {
            builder.endless(source(topics), SHARDS);
        }
        try (BenchServer server = builder.start()) {
            for (Topics topics : Topics.values()) {
                server.fill(source(topics), Profile.SMALL, topics, Profile.SMALL.backlogBytes(SHARDS));
            }
            Map<Topics, Rounds.Result> results = measure(server, options);
            results.forEach((topics, result) -> {
                report.add(Figure.of(name(), topics.text(), result.mbPerSecond().median(), "MB/s"));
                report.add(
                        Figure.of(name(), topics.text(), result.mbPerCpuSecond().median(), "MB/CPU-s"));
            });
            report.add(Figure.atMost(
                    15,
                    name(),
                    "one hot topic is slower than an even spread by",
                    slower(results.get(Topics.HOT), results.get(Topics.THREE)),
                    "%"));
            report.add(Figure.atMost(
                    10,
                    name(),
                    "10,000 topics are slower than 3 by",
                    slower(results.get(Topics.MANY), results.get(Topics.THREE)),
                    "%"));
        }
    }

    private static Map<Topics, Rounds.Result> measure(BenchServer server, BenchOptions options) throws Exception {
        Map<Topics, List<Rounds.Result>> visits = new EnumMap<>(Topics.class);
        try (JobCluster cluster = JobCluster.builder(options).slots(PARALLELISM).start()) {
            try (JobUnderTest job = cluster.start(server, source(Topics.MANY), PARALLELISM)) {
                Rounds.warmUp(job, server, options.cold());
            }
            for (int visit = 0; visit < VISITS; visit++) {
                for (Topics topics : Topics.values()) {
                    try (JobUnderTest job = cluster.start(server, source(topics), PARALLELISM)) {
                        visits.computeIfAbsent(topics, first -> new ArrayList<>())
                                .add(Rounds.measure(job, server, options.warm()));
                    }
                }
            }
        }
        Map<Topics, Rounds.Result> results = new EnumMap<>(Topics.class);
        visits.forEach((topics, each) -> results.put(topics, Rounds.Result.of(each)));
        return results;
    }

    private static double slower(Rounds.Result one, Rounds.Result other) {
        return (1 - one.mbPerSecond().median() / other.mbPerSecond().median()) * 100;
    }

    private static String source(Topics topics) {
        return "topics-" + topics.name().toLowerCase(Locale.ROOT);
    }
}
