package io.slsdispatch.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What the build, or whoever tunes, tells the benchmarks. */
final class BenchOptions {

    /** How many times as long as usual a warm-up may take. */
    private static final int LONGEST = 3;

    @Option(names = "--bench", split = ",", description = "which to run; all without it")
    List<String> benches = new ArrayList<>();

    @Option(names = "--job-jar", required = true, description = "the fat jar of the job")
    Path jobJar;

    @Option(names = "--sls-local-jar", required = true, description = "the runnable jar of SLS Local")
    Path slsLocalJar;

    @Option(names = "--directory", required = true, description = "where reports and logs go")
    Path directory;

    @Option(
            names = "--warm-up",
            defaultValue = "8",
            description = "seconds before the first round of a new process, or up to three times as many while its "
                    + "compilers are busy")
    int warmUpSeconds;

    @Option(
            names = "--settling",
            defaultValue = "3",
            description = "the same for what runs in a process that has forwarded before")
    int settlingSeconds;

    @Option(names = "--rounds", defaultValue = "3", description = "measured rounds")
    int rounds;

    @Option(names = "--round", defaultValue = "2", description = "seconds of a round")
    int roundSeconds;

    @Option(
            names = "--only",
            split = ";",
            description = "for tuning: only throughput rows with such a name, " + "as job/small/4/1 or floor/large")
    List<String> only = new ArrayList<>();

    @Option(names = "--jvm", split = ";", description = "for tuning: more options of the TaskManager's JVM")
    List<String> jvmOptions = new ArrayList<>();

    @Option(names = "--flink", split = ";", description = "for tuning: more Flink options, as key=value")
    List<String> flinkOptions = new ArrayList<>();

    @Option(
            names = "--usd-per-gb",
            defaultValue = "0.045",
            description = "price of a GB (10^9 bytes) of compressed traffic, read or written")
    double usdPerGigabyte;

    @Option(
            names = "--usd-per-million-requests",
            defaultValue = "0",
            description = "price of a million reads and writes")
    double usdPerMillionRequests;

    @Option(names = "--usd-per-cpu-hour", defaultValue = "0.05", description = "price of an hour of one processor")
    double usdPerCpuHour;

    Traffic.Prices prices() {
        return new Traffic.Prices(usdPerGigabyte, usdPerMillionRequests, usdPerCpuHour);
    }

    /** For a process that is new. */
    Rounds.Plan cold() {
        return plan(warmUpSeconds);
    }

    /** For a process that did the same before. */
    Rounds.Plan warm() {
        return plan(settlingSeconds);
    }

    private Rounds.Plan plan(int seconds) {
        Duration least = Duration.ofSeconds(seconds);
        return new Rounds.Plan(least, least.multipliedBy(LONGEST), rounds, Duration.ofSeconds(roundSeconds));
    }

    boolean wants(String row) {
        return only.isEmpty() || only.stream().anyMatch(row::startsWith);
    }
}
