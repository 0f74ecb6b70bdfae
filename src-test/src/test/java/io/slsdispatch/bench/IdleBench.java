package io.slsdispatch.bench;

import java.time.Duration;

/** What 512 shards cost into which nobody writes. */
final class IdleBench implements Benchmark {

    private static final String SOURCE = "idle";
    private static final int SHARDS = 512;

    /** So little is done here that the compilers take long until they have seen enough of it. */
    private static final Duration SETTLING = Duration.ofSeconds(30);

    /** As long as from one discovery of shards to the next, so that one is among what is measured. */
    private static final Duration MEASURED = Duration.ofMinutes(1);

    private static final double SECOND = 1e9;

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public void run(BenchOptions options, Report report) throws Exception {
        report.begin(name(), SHARDS + " shards without data, parallelism 1");
        try (BenchServer server = BenchServer.builder(options)
                        .logstore(SOURCE, SHARDS)
                        .targets(true)
                        .start();
                JobCluster cluster = JobCluster.builder(options).start();
                JobUnderTest job = cluster.start(server, SOURCE, 1)) {
            Rounds.pause(SETTLING);
            long requests = server.counts().requests();
            Duration cpu = job.cpu();
            Duration compilers = job.compilers();
            Duration jobManager = ProcessUsage.cpu(cluster.jobManager());
            long nanos = System.nanoTime();
            Rounds.pause(MEASURED);
            double seconds = (System.nanoTime() - nanos) / SECOND;
            report.add(Figure.atMost(
                    10,
                    name(),
                    "processor time of all processes of the job",
                    percent(job.cpu().minus(cpu), seconds),
                    "% of a core"));
            report.add(Figure.of(
                    name(), "of it, compilers", percent(job.compilers().minus(compilers), seconds), "% of a core"));
            report.add(Figure.of(
                    name(),
                    "of it, the JobManager",
                    percent(ProcessUsage.cpu(cluster.jobManager()).minus(jobManager), seconds),
                    "% of a core"));
            report.add(Figure.atMost(
                    600,
                    name(),
                    "requests to the service",
                    (server.counts().requests() - requests) / seconds,
                    "per s"));
            report.add(Figure.of(name(), "peak memory of the TaskManager", job.peakRssMegabytes(), "MiB"));
            job.check();
        }
    }

    private static double percent(Duration used, double seconds) {
        return used.toNanos() / SECOND / seconds * 100;
    }
}
