package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.status.FlinkRest;
import io.slsdispatch.job.status.FlinkRestException;
import io.slsdispatch.job.status.HttpFlinkRest;
import io.slsdispatch.job.status.JobStatus;
import io.slsdispatch.job.status.NoJobException;
import io.slsdispatch.job.status.StatusReader;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command {@code status}: how the job is, and what is wrong. */
@Command(
        name = "status",
        description = {
            "Shows how the job is: its state, the cause of its last failure, what is wrong with the source, the rules and"
                    + " each target, the last checkpoint, the lag of each shard, and the progress of a bounded run. It"
                    + " asks the REST interface of Flink, which the web UI uses, too. Values may be 10 s old.",
            "",
            "Exits with 0 when the job runs well or has finished, else with 3."
        })
final class StatusCommand implements Terminal.SubCommand {

    private static final Duration REDRAW = Duration.ofSeconds(5);

    @Option(
            names = "--flink",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8081",
            description = "The address of Flink's web UI. Default: ${DEFAULT-VALUE}.")
    private String flink = "";

    @Option(
            names = "--job",
            paramLabel = "ID",
            description = "The id of the job. Default: the only job of sls-dispatch in this Flink.")
    private @Nullable String job;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "The configuration of the job. While the job does not run, so that Flink does not know the lag,"
                            + " the service is asked for that of the consumer group.")
    private @Nullable Path config;

    @Option(names = "--watch", description = "Repeat every 5 seconds until Ctrl-C, on the same screen of a terminal.")
    private boolean watch;

    @Option(names = "--json", description = "Print one JSON object; with --watch, one for each query.")
    private boolean json;

    @Override
    public int run(Terminal terminal) throws Exception {
        JobConfig.Source source =
                config == null ? null : ConfigFile.read(config, terminal).source();
        FlinkRest rest;
        try {
            rest = HttpFlinkRest.at(flink);
        } catch (IllegalArgumentException e) {
            return terminal.refuse(String.valueOf(e.getMessage()));
        }
        int exitCode;
        do {
            exitCode = show(terminal, rest, source);
            if (watch && exitCode != ExitCode.BAD_CONFIGURATION) {
                StatusReader.park(REDRAW);
            }
        } while (watch && exitCode != ExitCode.BAD_CONFIGURATION);
        return exitCode;
    }

    private int show(Terminal terminal, FlinkRest rest, JobConfig.@Nullable Source source) throws InterruptedException {
        JobStatus status;
        try {
            status = JobStatus.read(rest, StatusReader::park, job);
        } catch (FlinkRestException e) {
            return terminal.fail(ExitCode.NOT_CONFIRMED, String.valueOf(e.getMessage()));
        } catch (NoJobException e) {
            return terminal.fail(
                    e.isArgumentWrong() ? ExitCode.BAD_CONFIGURATION : ExitCode.NOT_CONFIRMED,
                    String.valueOf(e.getMessage()));
        }
        String group = source == null ? null : source.config().consumerGroup();
        if (json) {
            Json.print(terminal.out(), status.json());
        } else {
            if (watch && isTerminal(terminal)) {
                terminal.clearScreen();
            }
            status.lines().forEach(terminal.out()::println);
            if (source != null && group != null && !status.hasLag()) {
                showLag(terminal, source, group);
            }
            if (watch) {
                terminal.out().println();
            }
        }
        terminal.out().flush();
        return status.isWell() ? ExitCode.OK : ExitCode.NOT_CONFIRMED;
    }

    /** Whether the screen can be redrawn. Before Java 22 there is a console only if input and output are a terminal. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal(Terminal terminal) {
        String kind = terminal.environment().get("TERM");
        return System.console() != null && kind != null && !kind.equals("dumb");
    }

    private static void showLag(Terminal terminal, JobConfig.Source source, String group) throws InterruptedException {
        LogstoreId logstore = source.config().logstore();
        terminal.out().println();
        try (SlsClient client = terminal.clients().apply(source.connection()).create()) {
            LagCommand.print(terminal, logstore, group, ShardLag.of(client, logstore, group, terminal.clock()));
        } catch (SlsException e) {
            terminal.out()
                    .println("The lag of consumer group " + group + " is not known: " + e.getMessage()
                            + Finding.hint(e));
        }
    }
}
