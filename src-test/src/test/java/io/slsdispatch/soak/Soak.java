package io.slsdispatch.soak;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one soak. Exit code 0: it passed. 1: it did not. */
public final class Soak {

    private static final double MEGABYTE = 1_000_000;
    /** As many as people like to type. */
    private static final long SEEDS = 1_000_000;

    /** What is looked at. */
    enum Check {
        /** A job under steady load while everything goes wrong. */
        FAULTS,
        /** The memory of a TaskManager while a target is down and the source has a backlog. */
        MEMORY,
        /** An earlier build of the job is replaced by this one under load. */
        UPGRADE
    }

    @Parameters(index = "0", description = "what is looked at: ${COMPLETION-CANDIDATES}")
    private Check check = Check.FAULTS;

    @Option(names = "--minutes", required = true, description = "how long the load, or the outage, lasts")
    private double minutes;

    @Option(names = "--seed", description = "of the schedule; random when empty")
    private String seed = "";

    @Option(names = "--megabytes-per-second", required = true, description = "the load")
    private double megabytesPerSecond;

    @Option(names = "--job-jar", required = true, description = "the fat jar of the job")
    private Path jobJar = Path.of("");

    @Option(names = "--sls-local-jar", required = true, description = "the runnable jar of SLS Local")
    private Path slsLocalJar = Path.of("");

    @Option(names = "--directory", required = true, description = "where the soak writes its files")
    private Path directory = Path.of("");

    @Option(names = "--upgrade-from", description = "the fat jar of an earlier build of the job")
    private Path upgradeFrom = Path.of("");

    private Soak() {}

    public static void main(String[] args) throws Exception {
        Soak soak = new Soak();
        new CommandLine(soak).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
        boolean passed = soak.run(System.out);
        System.out.println(passed ? "PASSED" : "FAILED");
        if (!passed) {
            System.exit(1);
        }
    }

    private boolean run(PrintStream out) throws Exception {
        Duration length = Duration.ofMillis((long) (minutes * 60_000));
        Path files = Files.createDirectories(directory).toAbsolutePath();
        if (check == Check.MEMORY) {
            return new MemoryCheck(length, jobJar, slsLocalJar, files, out).run();
        }
        long bytesPerSecond = (long) (megabytesPerSecond * MEGABYTE);
        if (check == Check.UPGRADE) {
            return new UpgradeCheck(
                            new UpgradeCheck.Settings(upgradeFrom, jobJar, length, bytesPerSecond, slsLocalJar, files),
                            out)
                    .run();
        }
        long number = seed.isBlank() ? System.nanoTime() % SEEDS : Long.parseLong(seed.strip());
        return new FaultSoak(new FaultSoak.Settings(number, length, bytesPerSecond, jobJar, slsLocalJar, files), out)
                .run();
    }
}
