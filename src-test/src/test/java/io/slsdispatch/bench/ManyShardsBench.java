package io.slsdispatch.bench;

/** 512 shards, all with data, read by one TaskManager of 1 GiB. */
final class ManyShardsBench implements Benchmark {

    private static final String SOURCE = "many-shards";
    private static final int SHARDS = 512;
    private static final int PROCESS_MEGABYTES = 1024;
    private static final long BACKLOG = 256_000_000;

    @Override
    public String name() {
        return "many-shards";
    }

    @Override
    public void run(BenchOptions options, Report report) throws Exception {
        report.begin(name(), SHARDS + " shards with data in a TaskManager of " + PROCESS_MEGABYTES + " MiB");
        try (BenchServer server = BenchServer.builder(options)
                .endless(SOURCE, SHARDS)
                .targets(true)
                .start()) {
            server.fill(SOURCE, Profile.LARGE, Topics.THREE, BACKLOG);
            try (JobCluster cluster = JobCluster.builder(options)
                            .processMegabytes(PROCESS_MEGABYTES)
                            .start();
                    JobUnderTest job = cluster.start(server, SOURCE, 1)) {
                Rounds.Result result = Rounds.measure(job, server, options.cold());
                report.add(Figure.of(name(), "throughput", result.mbPerSecond().median(), "MB/s"));
                report.add(Figure.of(
                        name(),
                        "throughput per processor time",
                        result.mbPerCpuSecond().median(),
                        "MB/CPU-s"));
                report.add(Figure.atMost(
                        PROCESS_MEGABYTES,
                        name(),
                        "peak memory, beside the bound that the configuration gives",
                        job.peakRssMegabytes(),
                        "MiB"));
            }
        }
    }
}
