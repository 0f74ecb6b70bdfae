package io.slsdispatch.bench;

/** Whether it matters how many topics there are, and whether one of them has nearly everything. */
final class TopicsBench implements Benchmark {

    private static final int SHARDS = 16;

    @Override
    public String name() {
        return "topics";
    }

    @Override
    public void run(BenchOptions options, Report report) throws Exception {
        report.begin(name(), "small groups, " + SHARDS + " shards");
        BenchServer.Builder builder = BenchServer.builder(options).targets(true);
        for (Topics topics : Topics.values()) {
            builder.endless(source(topics), SHARDS);
        }
        try (BenchServer server = builder.start()) {
            for (Topics topics : Topics.values()) {
                server.fill(source(topics), Profile.SMALL, topics, Profile.SMALL.backlogBytes());
            }
            Rounds.Result even = measure(Topics.THREE, 2, server, options);
            Rounds.Result hot = measure(Topics.HOT, 2, server, options);
            Rounds.Result many = measure(Topics.MANY, 2, server, options);
            report.add(Figure.of(
                    name(),
                    "3 topics, evenly, parallelism 2",
                    even.mbPerSecond().median(),
                    "MB/s"));
            report.add(Figure.of(
                    name(),
                    "3 topics, evenly, parallelism 2",
                    even.mbPerCpuSecond().median(),
                    "MB/CPU-s"));
            report.add(Figure.of(
                    name(), "one with 95 % of the bytes", hot.mbPerSecond().median(), "MB/s"));
            report.add(Figure.of(name(), "10,000 topics", many.mbPerSecond().median(), "MB/s"));
            report.add(Figure.atMost(
                    15, name(), "one hot topic is slower than an even spread by", slower(hot, even), "%"));
            report.add(Figure.atMost(10, name(), "10,000 topics are slower than 3 by", slower(many, even), "%"));
        }
    }

    private static double slower(Rounds.Result one, Rounds.Result other) {
        return (1 - one.mbPerSecond().median() / other.mbPerSecond().median()) * 100;
    }

    private static String source(Topics topics) {
        return "topics-" + topics.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static Rounds.Result measure(Topics topics, int parallelism, BenchServer server, BenchOptions options)
            throws Exception {
        try (JobUnderTest job =
                JobUnderTest.builder(options).parallelism(parallelism).start(server, source(topics))) {
            return Rounds.measure(job, server, options);
        }
    }
}
