package io.slsdispatch.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;

/** Runs the benchmarks and writes {@code report.json}. */
public final class Bench {

    private static final List<Benchmark> ALL = List.of(
            new ThroughputBench(),
            new LatencyBench(),
            new TopicsBench(),
            new IdleBench(),
            new ManyShardsBench(),
            new CheckpointBench(),
            new IntervalBench(),
            new TargetsBench(),
            new ScaleBench(),
            new HotSpotsBench(),
            new BillBench());

    private Bench() {}

    /** Exit code 1: something could not be measured, or logs were lost. */
    public static void main(String[] args) throws Exception {
        BenchOptions options = CommandLine.populateCommand(new BenchOptions(), args);
        options.benches.removeIf(String::isBlank);
        List<String> names = ALL.stream().map(Benchmark::name).toList();
        Set<String> unknown = new TreeSet<>(options.benches);
        unknown.removeAll(Set.copyOf(names));
        if (!unknown.isEmpty()) {
            System.err.println("There are no benchmarks " + unknown + "; there are " + names);
            System.exit(1);
        }
        Files.createDirectories(options.directory);
        Path file = options.directory.resolve("report.json");
        Files.deleteIfExists(file);
        long begin = System.nanoTime();
        Report report = new Report(System.out, options.prices());
        boolean failed = false;
        for (Benchmark benchmark : ALL) {
            if (options.benches.isEmpty() || options.benches.contains(benchmark.name())) {
                failed |= !ran(benchmark, options, report);
            }
        }
        report.printGoals();
        report.write(file, (System.nanoTime() - begin) / 1e9);
        System.out.println("\nWritten to " + file);
        System.exit(failed ? 1 : 0);
    }

    private static boolean ran(Benchmark benchmark, BenchOptions options, Report report) {
        try {
            benchmark.run(options, report);
            return true;
        } catch (Exception e) {
            System.err.println(benchmark.name() + " FAILED");
            e.printStackTrace();
            return false;
        }
    }
}
