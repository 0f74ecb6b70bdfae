package io.slsdispatch.bench;

import java.util.List;

/**
 * What forwarding costs where a bill counts compressed bytes and requests: LZ4 and zstd, the job beside loops over the
 * SDK that keep the groups of the source, and that make larger ones of their logs.
 */
final class BillBench implements Benchmark {

    private static final int SHARDS = 4;
    private static final String SOURCE = "source-4";

    /**
     * A job.
     *
     * @param compression as reports call it
     * @param source more lines for the source
     * @param defaults more lines for all targets
     * @param last more lines for the last target
     */
    private record Job(String compression, String source, String defaults, String last) {}

    private static final List<Job> JOBS = List.of(
            new Job("lz4", "", "", ""),
            new Job("zstd", "compression: zstd", "compression: zstd", ""),
            new Job("zstd-3", "compression: zstd", "compression: zstd\ncompression-level: 3", ""),
            new Job("zstd-6", "compression: zstd", "compression: zstd\ncompression-level: 6", ""),
            // Of the three targets, one takes the other kind: its groups are compressed again, in the sink.
            new Job("mixed", "compression: zstd", "compression: lz4", "compression: zstd"));

    @Override
    public String name() {
        return "bill";
    }

    @Override
    public void run(BenchOptions options, Report report) throws Exception {
        Traffic.Prices prices = options.prices();
        report.begin(
                name(),
                "USD for a raw TB (10^12): " + prices.perGigabyte() + " for a GB compressed, each way, "
                        + prices.perMillionRequests() + " for a million requests, " + prices.perCpuHour()
                        + " for an hour of a processor");
        report.tableHead();
        for (Profile profile : Profile.values()) {
            run(profile, options, report);
        }
    }

    private static void run(Profile profile, BenchOptions options, Report report) throws Exception {
        try (BenchServer server = BenchServer.builder(options)
                .targets(true)
                .endless(SOURCE, SHARDS)
                .start()) {
            server.fill(SOURCE, profile, Topics.THREE, profile.backlogBytes(SHARDS));
            for (String compression : List.of("lz4", "zstd")) {
                loop("sdk-loop", SdkLoop.class, profile, compression, server, options, report);
                loop("regroup", RegroupLoop.class, profile, compression, server, options, report);
            }
            jobs(profile, server, options, report);
        }
    }

    private static void loop(
            String subject,
            Class<?> program,
            Profile profile,
            String compression,
            BenchServer server,
            BenchOptions options,
            Report report)
            throws Exception {
        if (!options.wants("bill/" + subject + "-" + compression + "/" + profile.text())) {
            return;
        }
        try (Subject loop = SdkLoopSubject.start(program, options, server, SOURCE, SHARDS, compression)) {
            Rounds.Result result = Rounds.measure(loop, server, options.cold());
            report.add(new Row(
                    subject + "-" + compression,
                    profile,
                    "",
                    SHARDS,
                    1,
                    result,
                    loop.peakRssMegabytes(),
                    Double.NaN,
                    compression));
        }
    }

    private static void jobs(Profile profile, BenchServer server, BenchOptions options, Report report)
            throws Exception {
        List<Job> jobs = JOBS.stream()
                .filter(job -> options.wants("bill/job-" + job.compression + "/" + profile.text()))
                .toList();
        if (jobs.isEmpty()) {
            return;
        }
        try (JobCluster cluster = JobCluster.builder(options).start()) {
            boolean cold = true;
            for (Job job : jobs) {
                JobConfiguration.More more = new JobConfiguration.More(job.source, job.defaults, job.last);
                try (JobUnderTest running = cluster.start(server, SOURCE, 1, more)) {
                    Rounds.Result result = Rounds.measure(running, server, cold ? options.cold() : options.warm());
                    cold = false;
                    report.add(new Row(
                            "job-" + job.compression,
                            profile,
                            "keyed",
                            SHARDS,
                            1,
                            result,
                            running.peakRssMegabytes(),
                            cluster.memory().process(),
                            job.compression));
                }
            }
        }
    }
}
