package io.slsdispatch.job;

import io.slsdispatch.job.cli.DispatchCommand;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.job.savepoint.FlinkSavepointReader;
import io.slsdispatch.job.savepoint.SavepointReader;
import io.slsdispatch.job.topology.FlinkJobStarter;
import io.slsdispatch.job.topology.JobStarter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Entry point of the fat jar, for a terminal and for Flink. From a terminal ({@code java -jar}) the program exits with
 * one of the {@link ExitCode}s. When Flink calls it, it must not end the process, which may be a JobManager: it reports
 * a refused command by the exception that Flink's command line shows without a stack trace.
 */
public final class Main {

    private Main() {}

    public static void main(String[] args) throws Exception {
        if (isCalledByTheJvm()) {
            int exitCode = StandaloneClassPath.isNeeded()
                    ? StandaloneClassPath.run(args, System.getenv("FLINK_HOME"))
                    : fromTerminal(args);
            if (exitCode != ExitCode.OK) {
                System.exit(exitCode);
            }
        } else {
            fromFlink(args);
        }
    }

    /** Runs the command at a terminal. {@link StandaloneClassPath} also calls it, by name. */
    public static int fromTerminal(String[] args) throws Exception {
        return DispatchCommand.run(
                args,
                starter(),
                savepoints(),
                DispatchCommand.terminal(System.out),
                DispatchCommand.terminal(System.err));
    }

    private static void fromFlink(String[] args) throws Exception {
        StringWriter refusal = new StringWriter();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        int exitCode = DispatchCommand.run(args, starter(), savepoints(), out, new PrintWriter(refusal));
        if (exitCode != ExitCode.OK) {
            String reason = refusal.toString().strip();
            throw FlinkJobStarter.refusal(
                    reason.isEmpty() ? "Exit code " + exitCode + "; see the output above." : reason);
        }
    }

    private static Optional<JobStarter> starter() {
        return isThere("org.apache.flink.streaming.api.environment.StreamExecutionEnvironment")
                ? Optional.of(new FlinkJobStarter())
                : Optional.empty();
    }

    private static Optional<SavepointReader> savepoints() {
        return isThere("org.apache.flink.runtime.checkpoint.Checkpoints")
                ? Optional.of(new FlinkSavepointReader())
                : Optional.empty();
    }

    private static boolean isThere(String flinkClass) {
        try {
            Class.forName(flinkClass);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static boolean isCalledByTheJvm() {
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(2).findAny())
                .isEmpty();
    }
}
