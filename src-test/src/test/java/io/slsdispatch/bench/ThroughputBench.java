package io.slsdispatch.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The job beside a loop over the SDK and the floor, on the same logs. */
final class ThroughputBench implements Benchmark {

    private static final List<Integer> SHARDS = List.of(1, 4, 16);
    private static final List<Integer> PARALLELISM = List.of(1, 2);
    private static final int SHARDS_OF_COMPARISONS = 4;
    private static final double MEGABYTE = 1_000_000;
    private static final double SECOND = 1_000_000_000;

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public void run(BenchOptions options, Report report) throws Exception {
        report.begin(
                name(),
                "raw MB (10^6) forwarded, median of " + options.rounds + " rounds of " + options.roundSeconds
                        + " s; alloc: bytes of heap per byte forwarded; server: its processors; in, out: bytes on the wire per raw byte");
        report.tableHead();
        for (Profile profile : Profile.values()) {
            if (options.wants("floor/" + profile.text())) {
                floor(profile, options, report);
            }
            measure(profile, options, report);
        }
        compare(report);
    }

    private static void floor(Profile profile, BenchOptions options, Report report) throws Exception {
        Path result = options.directory.resolve("floor-" + profile.text() + ".txt");
        Path output = options.directory.resolve("floor.log");
        try (JavaProcess process = JavaProcess.start(
                List.of("-Xmx256m"),
                Floor.class,
                List.of(
                        profile.name(),
                        result.toString(),
                        Integer.toString(Math.min(3, options.warmUpSeconds)),
                        Integer.toString(options.rounds),
                        Integer.toString(options.roundSeconds)),
                output)) {
            if (process.awaitExit() != 0) {
                throw new IllegalStateException("the floor failed: " + Files.readString(output));
            }
        }
        List<Double> perCpuSecond = new ArrayList<>();
        List<Double> perSecond = new ArrayList<>();
        double ratio = 0;
        List<String> lines = Files.readAllLines(result);
        for (String line : lines.subList(0, options.rounds)) {
            String[] numbers = line.split(" ");
            double bytes = Double.parseDouble(numbers[0]);
            perCpuSecond.add(bytes / MEGABYTE / (Double.parseDouble(numbers[1]) / SECOND));
            perSecond.add(bytes / MEGABYTE / (Double.parseDouble(numbers[2]) / SECOND));
            ratio = bytes / Double.parseDouble(numbers[3]);
        }
        report.add(new Row(
                "floor",
                profile,
                "",
                0,
                1,
                new Rounds.Result(
                        new Spread(perCpuSecond),
                        new Spread(perSecond),
                        Double.NaN,
                        Double.NaN,
                        Double.NaN,
                        Double.NaN,
                        Traffic.NONE),
                Double.parseDouble(lines.get(options.rounds)),
                Double.NaN));
        report.add(Figure.of("throughput", "raw bytes per LZ4 byte of " + profile.text() + " groups", ratio, ""));
    }

    private static void measure(Profile profile, BenchOptions options, Report report) throws Exception {
        List<Integer> shardsUsed = SHARDS.stream()
                .filter(shards -> names(profile, shards).anyMatch(options::wants))
                .toList();
        if (shardsUsed.isEmpty()) {
            return;
        }
        BenchServer.Builder builder = BenchServer.builder(options).targets(true);
        shardsUsed.forEach(shards -> builder.endless("source-" + shards, shards));
        try (BenchServer server = builder.start()) {
            for (int shards : shardsUsed) {
                server.fill("source-" + shards, profile, Topics.THREE, profile.backlogBytes(shards));
            }
            sdkLoop(profile, server, options, report);
            jobs(profile, shardsUsed, server, options, report);
        }
    }

    /** All rows of the job in the same processes, which forward for a while before the first row. */
    private static void jobs(
            Profile profile, List<Integer> shardsUsed, BenchServer server, BenchOptions options, Report report)
            throws Exception {
        List<JobRow> rows = JobRow.all(profile, shardsUsed).stream()
                .filter(row -> options.wants(row.name()))
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        int slots = rows.stream().mapToInt(JobRow::parallelism).max().orElseThrow();
        try (JobCluster cluster = JobCluster.builder(options).slots(slots).start()) {
            try (JobUnderTest job = cluster.start(server, source(shardsUsed.get(0)), slots)) {
                Rounds.warmUp(job, server, options.cold());
            }
            for (JobRow row : rows) {
                try (JobUnderTest job = row.keyed()
                        ? cluster.start(server, source(row.shards()), row.parallelism())
                        : cluster.startWithoutKeyedExchange(server, source(row.shards()))) {
                    Rounds.Result result = Rounds.measure(job, server, options.warm());
                    report.add(new Row(
                            "job",
                            profile,
                            row.keyed() ? "keyed" : "none",
                            row.shards(),
                            row.parallelism(),
                            result,
                            job.peakRssMegabytes(),
                            cluster.memory().process()));
                }
            }
            memory(cluster, profile, slots, report);
        }
    }

    /** Beside what is allowed, the most that any row of the cluster has used. */
    private static void memory(JobCluster cluster, Profile profile, int subtasks, Report report) throws Exception {
        MemoryBound bound = cluster.memory();
        String groups = ", " + profile.text() + " groups";
        report.add(Figure.atMost(
                bound.process(),
                "throughput",
                "peak memory of the TaskManager" + groups,
                report.rows().stream()
                        .filter(row -> row.profile() == profile && row.subject().equals("job"))
                        .mapToDouble(Row::peakRssMb)
                        .max()
                        .orElse(Double.NaN),
                "MiB"));
        report.add(Figure.of("throughput", "of it by configuration: heap" + groups, bound.heap(), "MiB"));
        report.add(Figure.of(
                "throughput",
                "most heap left by a collection" + groups,
                cluster.gcLog().read().peakAfterPauseMegabytes(),
                "MiB"));
        report.add(Figure.of(
                "throughput", "of it what the job's options let it buffer" + groups, cluster.buffers(subtasks), "MiB"));
        report.add(Figure.of("throughput", "of it by configuration: direct memory" + groups, bound.direct(), "MiB"));
    }

    private static String source(int shards) {
        return "source-" + shards;
    }

    /** A row of the job, not measured yet. */
    private record JobRow(Profile profile, boolean keyed, int shards, int parallelism) {

        static List<JobRow> all(Profile profile, List<Integer> shardsUsed) {
            List<JobRow> rows = new ArrayList<>();
            for (int shards : shardsUsed) {
                if (shards == SHARDS_OF_COMPARISONS) {
                    rows.add(new JobRow(profile, false, shards, 1));
                }
                PARALLELISM.forEach(parallelism -> rows.add(new JobRow(profile, true, shards, parallelism)));
            }
            return rows;
        }

        /** As the command line calls it. */
        String name() {
            return (keyed ? "job/" : "unkeyed/") + profile.text() + "/" + shards + "/" + parallelism;
        }
    }

    private static Stream<String> names(Profile profile, int shards) {
        return Stream.of("sdk-loop", "unkeyed", "job").flatMap(subject -> PARALLELISM.stream()
                .map(parallelism -> subject + "/" + profile.text() + "/" + shards + "/" + parallelism));
    }

    private static void sdkLoop(Profile profile, BenchServer server, BenchOptions options, Report report)
            throws Exception {
        int shards = SHARDS_OF_COMPARISONS;
        if (!options.wants("sdk-loop/" + profile.text() + "/" + shards + "/1")) {
            return;
        }
        try (Subject loop = SdkLoopSubject.start(options, server, source(shards), shards)) {
            Rounds.Result result = Rounds.measure(loop, server, options.cold());
            report.add(new Row("sdk-loop", profile, "", shards, 1, result, loop.peakRssMegabytes(), Double.NaN));
        }
    }

    private static void compare(Report report) {
        for (Profile profile : Profile.values()) {
            OptionalDouble job = median(report, profile, row -> row.exchange().equals("keyed"));
            OptionalDouble loop = median(report, profile, row -> row.subject().equals("sdk-loop"));
            OptionalDouble floor = median(report, profile, row -> row.subject().equals("floor"));
            boolean small = profile == Profile.SMALL;
            if (job.isPresent()) {
                report.add(Figure.atLeast(
                        small ? 200 : 300,
                        "throughput",
                        "job, " + profile.text() + ", median of all rows",
                        job.getAsDouble(),
                        "MB/CPU-s"));
                if (loop.isPresent()) {
                    report.add(Figure.atLeast(
                            small ? 4 : 2.5,
                            "throughput",
                            "job beside the loop over the SDK, " + profile.text(),
                            job.getAsDouble() / loop.getAsDouble(),
                            "times"));
                }
                if (floor.isPresent()) {
                    String name = "job beside the floor, " + profile.text();
                    double share = job.getAsDouble() / floor.getAsDouble() * 100;
                    report.add(
                            small
                                    ? Figure.of("throughput", name, share, "%")
                                    : Figure.atLeast(60, "throughput", name, share, "%"));
                }
            }
        }
    }

    private static OptionalDouble median(Report report, Profile profile, Predicate<Row> which) {
        List<Double> medians = report.rows().stream()
                .filter(row -> row.profile() == profile && which.test(row))
                .map(row -> row.result().mbPerCpuSecond().median())
                .toList();
        return medians.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(new Spread(medians).median());
    }
}
