package io.slsdispatch.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Flink's own command line client, one process for each call. */
final class FlinkCli {

    private static final Pattern JOB_ID = Pattern.compile("Job has been submitted with JobID ([0-9a-f]{32})");

    private final Launcher launcher;
    private final ClusterDirectory directory;
    private final Duration limit;
    private final AtomicInteger calls = new AtomicInteger();

    FlinkCli(Launcher launcher, ClusterDirectory directory, Duration limit) {
        this.launcher = launcher;
        this.directory = directory;
        this.limit = limit;
    }

    /** Runs one command to its end. */
    CliResult run(List<String> arguments, Map<String, String> environment) {
        String name = "cli-" + calls.incrementAndGet();
        int exitCode = launcher.cli(name, arguments, environment).awaitExit(limit);
        return new CliResult(arguments, exitCode, read(directory.out(name)), read(directory.err(name)));
    }

    /**
     * Submits a job, detached.
     *
     * @return the id of the job
     * @throws CliException if the client refuses or fails
     */
    String submit(Submission submission) {
        CliResult result = run(arguments(submission), submission.environment());
        Matcher id = JOB_ID.matcher(result.out());
        if (result.exitCode() != 0 || !id.find()) {
            throw new CliException(result);
        }
        return id.group(1);
    }

    private static List<String> arguments(Submission submission) {
        Submission.Program program = submission.program();
        Submission.Start start = submission.start();
        List<String> arguments = new ArrayList<>(List.of("run", "-d"));
        arguments.addAll(List.of("-p", Integer.toString(submission.parallelism())));
        program.mainClass().ifPresent(name -> arguments.addAll(List.of("-c", name)));
        start.savepoint().ifPresent(path -> arguments.addAll(List.of("-s", path)));
        if (start.allowNonRestoredState()) {
            arguments.add("-n");
        }
        submission.options().forEach((key, value) -> arguments.add("-D" + key + "=" + value));
        arguments.add(program.jar().toString());
        arguments.addAll(program.arguments());
        return arguments;
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }
}
