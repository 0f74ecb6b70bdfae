package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.sdk.SdkClients;
import io.slsdispatch.job.config.BadConfigurationException;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command of the fat jar: reads the configuration, and checks or starts it. */
@Command(
        name = "sls-dispatch",
        description = "Distributes the log groups of one SLS logstore to one logstore per topic, as a Flink job.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes%n",
        exitCodeList = {
            "0: the job was started, or the check found nothing wrong",
            "1: something unexpected went wrong",
            "2: the arguments or the configuration are wrong; every mistake is told, nothing was started",
            "3: --check: the service did not confirm the configuration"
        },
        footerHeading = "%nStart on a cluster%n",
        footer = {
            "  flink run -d sls-dispatch.jar --config dispatch.yaml%n",
            "Without --config, the environment variables SLS_ENDPOINT, SLS_PROJECT, SLS_LOGSTORE, SLS_CG, SLS_START,"
                    + " SLS_ENDPOINT_TO, SLS_PROJECT_TO, SLS_LOGSTORE_TO<n> and SLS_TOPIC_TO<n> say what to do. The"
                    + " processes of the cluster look for the credentials in SLS_AK_ID and SLS_AK_KEY."
        })
public final class DispatchCommand {

    private final Map<String, String> environment;
    private final Optional<JobStarter> starter;
    private final PrintWriter out;
    private final PrintWriter err;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "YAML file with the configuration; without it, environment variables are the configuration.")
    private @Nullable Path file;

    @Option(
            names = "--check",
            description =
                    "Check the configuration, ask the service whether it would work, and print the plan. Changes and"
                            + " starts nothing; needs no Flink.")
    private boolean check;

    DispatchCommand(Map<String, String> environment, Optional<JobStarter> starter, PrintWriter out, PrintWriter err) {
        this.environment = environment;
        this.starter = starter;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the command with the environment variables of this process.
     *
     * @param starter starts the job; absent where there is no Flink
     * @param out for what was asked for
     * @param err for what is wrong
     * @return one of the {@link ExitCode}s
     * @throws Exception what Flink throws when the job cannot be submitted, or fails while it is waited for
     */
    public static int run(String[] args, Optional<JobStarter> starter, PrintWriter out, PrintWriter err)
            throws Exception {
        return new DispatchCommand(System.getenv(), starter, out, err).run(args);
    }

    /** Runs the command at a terminal without Flink. Called by name. */
    public static int runWithoutFlink(String[] args) throws Exception {
        return run(args, Optional.empty(), terminal(System.out), terminal(System.err));
    }

    /** Writes to a terminal: each line at once, and as UTF-8 whatever the locale says. */
    public static PrintWriter terminal(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    int run(String... args) throws Exception {
        CommandLine commandLine = new CommandLine(this);
        try {
            commandLine.parseArgs(args);
        } catch (ParameterException e) {
            err.println(e.getMessage());
            err.println("Try --help.");
            err.flush();
            return ExitCode.BAD_CONFIGURATION;
        }
        if (commandLine.isUsageHelpRequested()) {
            commandLine.usage(out);
            return ExitCode.OK;
        }
        if (commandLine.isVersionHelpRequested()) {
            commandLine.printVersionHelp(out);
            return ExitCode.OK;
        }
        return checkOrStart();
    }

    private int checkOrStart() throws Exception {
        JobConfig config;
        try {
            config = file == null
                    ? ConfigReader.readEnvironment(environment, Instant.now())
                    : ConfigReader.readFile(file, environment, Instant.now());
        } catch (BadConfigurationException e) {
            return refuse(e.getMessage());
        }
        out.println(new Plan(config).text());
        return check ? check(config) : start(config);
    }

    private int check(JobConfig config) throws InterruptedException {
        List<OnlineCheck.Finding> findings = new OnlineCheck(config, SdkClients::new).findings();
        out.println("Check");
        for (OnlineCheck.Finding finding : findings) {
            out.println((finding.ok() ? "  ok      " : "  FAILED  ") + finding.subject() + ": " + finding.detail());
        }
        long failed = findings.stream().filter(finding -> !finding.ok()).count();
        out.println(failed == 0 ? "\nEverything is ready." : "\n" + failed + " of " + findings.size() + " failed.");
        return failed == 0 ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private int start(JobConfig config) throws Exception {
        if (starter.isEmpty()) {
            return refuse("There is no Flink here to start the job on. Submit it to a cluster:\n\n"
                    + "  flink run -d sls-dispatch.jar " + (file == null ? "" : "--config " + file) + "\n\n"
                    + "or check the configuration without Flink: add --check.");
        }
        try {
            starter.get().start(config, out::println);
        } catch (JobStarter.RefusedException e) {
            return refuse(e.getMessage());
        }
        return ExitCode.OK;
    }

    private int refuse(@Nullable String message) {
        err.println(message);
        err.flush();
        return ExitCode.BAD_CONFIGURATION;
    }
}
