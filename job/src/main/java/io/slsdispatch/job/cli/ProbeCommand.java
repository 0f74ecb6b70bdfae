package io.slsdispatch.job.cli;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Signature;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.probe.Findings;
import io.slsdispatch.job.probe.Probe;
import io.slsdispatch.job.probe.Waits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code probe}: finds out whether the service behaves as this product assumes. */
@Command(
        name = "probe",
        description = {
            "Finds out whether the service behaves as this product assumes: prints each assumption, the answer of the"
                    + " service, and what the job does after another answer. docs/assumptions.md describes them. The output has no names"
                    + " and no secrets, and can be part of a bug report.",
            "",
            "By default it only reads the source, as the job does. With --scratch-project it also creates logstores in"
                    + " that project, writes to them and reads back, and deletes them.",
            "",
            "Exits with 0 when all answers are as assumed, and with 3 when one differs or a question could not be"
                    + " asked."
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  Only read:",
            "    probe -c dispatch.yaml",
            "  Write, too, with credentials of its own (conf/ram/probe.json):",
            "    probe -c dispatch.yaml --scratch-project my-tests --credentials probe.properties"
        })
final class ProbeCommand implements Terminal.SubCommand {

    /** After an interruption: a request that has no response, then deletions. */
    private static final Duration CLEANING_UP = Duration.ofMinutes(1);

    @Mixin
    private final ConfigFile file = new ConfigFile();

    @Option(
            names = "--scratch-project",
            paramLabel = "PROJECT",
            description = "An existing project, at the endpoint of the source, for the logstores of the probe.")
    private @Nullable String scratchProject;

    @Option(
            names = "--credentials",
            paramLabel = "FILE",
            description =
                    "A file with the credentials for the scratch project, as 'credentials: {file: FILE}' in a configuration."
                            + " Default: the credentials of the source.")
    private @Nullable String credentials;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "The region for signature V4, if the configuration and the endpoint do not name it.")
    private @Nullable String region;

    @Option(names = "--yes", description = "Do not ask before writing.")
    private boolean yes;

    @Option(names = "--json", description = "Print one JSON object: 'assumptions'.")
    private boolean json;

    @Override
    public int run(Terminal terminal) throws Exception {
        JobConfig config = file.read(terminal);
        Probe.Task task;
        try {
            task = task(config);
        } catch (IllegalArgumentException e) {
            return terminal.refuse(String.valueOf(e.getMessage()));
        }
        if (scratchProject != null && !announce(terminal, config, scratchProject)) {
            return terminal.refuse("Nothing was written or read.");
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Findings findings;
        GracefulStop stop = new GracefulStop(stopped::countDown, CLEANING_UP);
        try (stop) {
            findings = new Probe(
                            task, terminal.clock(), Waits.until(stopped), stopped, new SecureRandom(), terminal::warn)
                    .run();
            if (json) {
                Json.print(terminal.out(), findings.json());
            } else {
                terminal.out().println(findings.text());
                terminal.out()
                        .println(
                                findings.isAsAssumed()
                                        ? "All as assumed."
                                        : "Different or not probed: " + String.join(", ", findings.differing()) + ".");
            }
        }
        return findings.isAsAssumed() ? ExitCode.OK : ExitCode.NOT_CONFIRMED;
    }

    private Probe.Task task(JobConfig config) {
        ConnectionConfig connection = config.source().connection();
        if (scratchProject == null && credentials != null) {
            throw new IllegalArgumentException("--credentials are for --scratch-project: pass it, too.");
        }
        if (scratchProject != null) {
            // Refuses what is no name of a project.
            var unused = new LogstoreId(scratchProject, "probe");
        }
        if (region != null) {
            var unused = new Signature.V4(region);
        }
        ConnectionConfig scratch =
                credentials == null ? connection : connection.withCredentials(new CredentialsConfig.File(credentials));
        return new Probe.Task(
                connection,
                config.source().config().logstore(),
                scratch,
                scratchProject,
                region == null ? Probe.region(connection) : region);
    }

    /** Prints what the probe will do, and asks. */
    private boolean announce(Terminal terminal, JobConfig config, String project) throws IOException {
        terminal.warn("The probe writes to project " + project + ":");
        Probe.bounds().forEach(line -> terminal.warn("  - " + line));
        List<String> users = users(config, project);
        if (!users.isEmpty()) {
            terminal.warn("Project " + project + " is also that of " + String.join(", ", users)
                    + ": the probe shares its quotas with them.");
        }
        if (yes) {
            return true;
        }
        terminal.warn("Continue? [y/N]");
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }

    private static List<String> users(JobConfig config, String project) {
        List<String> users = new ArrayList<>();
        if (config.source().config().logstore().project().equals(project)) {
            users.add("the source");
        }
        config.destinations().stream()
                .filter(target -> target.project().equals(project))
                .forEach(target -> users.add("target '" + target.name() + "'"));
        return users;
    }
}
