package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;
import io.slsdispatch.job.config.ConfigFingerprint;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.output.OwnJar;
import io.slsdispatch.job.output.TextTable;
import io.slsdispatch.job.savepoint.SavepointReader;
import io.slsdispatch.job.savepoint.SavepointReader.Content;
import io.slsdispatch.job.savepoint.SavepointReader.Operator;
import io.slsdispatch.job.savepoint.SavepointReader.ShardAt;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Command {@code inspect}: shows the content of a savepoint. */
@Command(
        name = InspectCommand.NAME,
        description = {
            "Shows the content of a savepoint or retained checkpoint: the shards and the time up to which each is read; the"
                    + " version of the rules; the fingerprint of the configuration under which it was taken ('check' prints"
                    + " the same fingerprint); the operators. Changes nothing.",
            "",
            "Exits with 3 when a cursor is no longer valid, or when the service does not respond.",
            "",
            "It needs Flink's classes, but no cluster. Set FLINK_HOME to a Flink installation of the version that wrote the"
                    + " savepoint or newer. Or run it with Flink's client, which also supports paths such as s3://:%n"
                    + "  flink run sls-dispatch.jar inspect-savepoint PATH"
        })
final class InspectCommand implements Terminal.SubCommand {

    static final String NAME = "inspect-savepoint";

    private static final String GOOD = "good";
    private static final String UNANSWERED = "The service could not be queried completely: ";

    private final Optional<SavepointReader> reader;

    @Parameters(paramLabel = "PATH", description = "Directory of the savepoint, or its file _metadata.")
    private String path = "";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "Also check whether the savepoint was taken under this configuration, and query the service whether"
                            + " the cursors are still valid and which data follows them.")
    private java.nio.file.@Nullable Path file;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    InspectCommand(Optional<SavepointReader> reader) {
        this.reader = reader;
    }

    @Override
    public int run(Terminal terminal) throws Exception {
        if (reader.isEmpty()) {
            return terminal.refuse(withoutFlink());
        }
        JobConfig config = file == null ? null : ConfigFile.read(file, terminal);
        Content content;
        try {
            content = reader.get().read(path, targets(config));
        } catch (IOException e) {
            return terminal.refuse("Cannot read " + path + ": " + reason(e));
        }
        Map<Integer, String> found = Map.of();
        SlsException unanswered = null;
        if (config != null) {
            LogstoreId source = config.source().config().logstore();
            if (!source.toString().equals(content.logstore())) {
                return terminal.refuse("The savepoint is of logstore " + shown(content.logstore())
                        + ", the configuration reads " + source + ".");
            }
            try (SlsClient client =
                    terminal.clients().apply(config.source().connection()).create()) {
                found = ask(client, source, content.shards());
            } catch (SlsException e) {
                unanswered = e;
            }
        }
        Instant now = terminal.clock().instant();
        if (json) {
            Json.print(terminal.out(), json(content, found, config, unanswered, now));
        } else {
            print(terminal, content, found, config, now);
        }
        if (unanswered != null) {
            terminal.warn(UNANSWERED + unanswered.getMessage() + Finding.hint(unanswered));
            return ExitCode.NOT_CONFIRMED;
        }
        return exitCode(found);
    }

    private static int exitCode(Map<Integer, String> found) {
        return found.values().stream().allMatch(answer -> answer.startsWith(GOOD))
                ? ExitCode.OK
                : ExitCode.NOT_CONFIRMED;
    }

    private String withoutFlink() {
        return "Reading savepoints needs Flink's classes, which are not on the class path. Set FLINK_HOME to a"
                + " Flink installation:\n\n"
                + "  FLINK_HOME=/opt/flink java -jar " + OwnJar.inCommands() + " inspect-savepoint " + path + "\n\n"
                + "or run it with Flink's client:\n\n"
                + "  flink run sls-dispatch.jar inspect-savepoint " + path;
    }

    private String reason(IOException error) {
        if (error instanceof EOFException) {
            return "the file is truncated.";
        }
        boolean elsewhere = path.contains("://") && !path.startsWith("file:");
        return ForeignText.line(error.getMessage(), Secrets.NONE, ForeignText.MESSAGE)
                + (elsewhere
                        ? " Flink's client reads other file systems through its plugins: flink run sls-dispatch.jar "
                                + NAME + " " + path
                        : "");
    }

    /** A savepoint is a file that others may have written. */
    private static String shown(String text) {
        return ForeignText.name(text, Secrets.NONE, ForeignText.MESSAGE);
    }

    private static List<String> targets(@Nullable JobConfig config) {
        return config == null
                ? List.of()
                : config.destinations().stream()
                        .map(JobConfig.Destination::name)
                        .toList();
    }

    private static boolean isUnder(JobConfig config, Content content) {
        return content.configuration().equals(Optional.of(ConfigFingerprint.of(config)));
    }

    /** Describes the configuration under which the savepoint was taken. */
    private String configuration(Content content, @Nullable JobConfig config) {
        if (content.configuration().isEmpty()) {
            return "not stored (written by an older build)";
        }
        ConfigFingerprint taken = content.configuration().get();
        if (config == null) {
            return taken + " (use --config FILE to compare it with FILE)";
        }
        List<String> differences = taken.differences(ConfigFingerprint.of(config));
        return differences.isEmpty()
                ? taken + ", same as " + file
                : taken + ", DIFFERS from " + file + " in " + String.join(", ", differences)
                        + " (or a build with other options wrote it)";
    }

    private static String shards(Content content) {
        List<String> counts = new ArrayList<>();
        for (String state : List.of(SavepointReader.READ, SavepointReader.WAITS, SavepointReader.WAITS_FOR_PARENTS)) {
            long count = content.shards().stream()
                    .filter(shard -> shard.state().equals(state))
                    .count();
            if (count > 0 || state.equals(SavepointReader.READ)) {
                counts.add(
                        switch (state) {
                            case SavepointReader.READ -> count + " being read";
                            case SavepointReader.WAITS -> count + " waiting to be read";
                            default -> count + " waiting for their parents";
                        });
            }
        }
        // Shards that readers have read to their end are not yet counted as finished.
        long finished = content.finishedShards()
                + content.shards().stream()
                        .filter(shard -> shard.state().equals(SavepointReader.FINISHED))
                        .count();
        return "shards: " + String.join(", ", counts) + ", " + finished + " finished";
    }

    private static String readUpTo(ShardAt shard) {
        return shard.received()
                .map(Instant::toString)
                .orElse(shard.state().equals(SavepointReader.READ) ? "time unknown" : "nothing yet");
    }

    /** Queries the service for the state of each cursor. */
    private static Map<Integer, String> ask(SlsClient client, LogstoreId source, List<ShardAt> shards)
            throws SlsException, InterruptedException {
        List<ShardAt> begun =
                shards.stream().filter(shard -> !shard.cursor().isEmpty()).toList();
        List<String> answers = ParallelCalls.invokeAll(begun, shard -> ask(client, source, shard));
        Map<Integer, String> found = new HashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            found.put(begun.get(i).shard(), answers.get(i));
        }
        return found;
    }

    private static String ask(SlsClient client, LogstoreId source, ShardAt shard) throws SlsException {
        try {
            return GOOD + ", next received " + client.cursorTime(source, shard.shard(), shard.cursor());
        } catch (SlsException e) {
            if (e.kind() == ErrorKind.CURSOR_EXPIRED) {
                return "EXPIRED: data after the cursor has expired";
            }
            if (e.kind() == ErrorKind.SHARD_NOT_FOUND) {
                return "GONE: the shard no longer exists";
            }
            throw e;
        }
    }

    private void print(
            Terminal terminal, Content content, Map<Integer, String> found, @Nullable JobConfig config, Instant now) {
        terminal.out().println("Savepoint " + path + ", checkpoint " + content.checkpointId());
        terminal.out().println("Source    " + shown(content.logstore()) + ", " + shards(content));
        terminal.out().println("Config    " + configuration(content, config));
        terminal.out()
                .println("Rules     "
                        + shown(content.rules().orElse("not stored: the configuration at the restore decides")));
        terminal.out().println();
        TextTable shards =
                new TextTable("SHARD", "STATE", "READ UP TO", "AGE", "CURSOR", file == null ? "" : "SERVICE");
        for (ShardAt shard : content.shards()) {
            shards.add(
                    Integer.toString(shard.shard()),
                    shard.state(),
                    readUpTo(shard),
                    shard.received()
                            .map(received -> ShardLag.words(
                                    Duration.between(received, now).toSeconds()))
                            .orElse(""),
                    shard.cursor() + (shard.emitted() == 0 ? "" : " + " + shard.emitted()),
                    found.getOrDefault(shard.shard(), ""));
        }
        terminal.out().print(shards.text("  "));
        terminal.out().println();
        TextTable operators = new TextTable("OPERATOR", "PARALLELISM", "MAX", "BYTES");
        for (Operator operator : content.operators()) {
            operators.add(
                    operator.id(),
                    Integer.toString(operator.parallelism()),
                    Integer.toString(operator.maxParallelism()),
                    Long.toString(operator.bytes()));
        }
        terminal.out().print(operators.text("  "));
    }

    private static Map<String, @Nullable Object> json(
            Content content,
            Map<Integer, String> found,
            @Nullable JobConfig config,
            @Nullable SlsException unanswered,
            Instant now) {
        return Json.object(
                "error",
                unanswered == null ? null : UNANSWERED + unanswered.getMessage() + Finding.hint(unanswered),
                "checkpointId",
                content.checkpointId(),
                "logstore",
                content.logstore(),
                "finishedShards",
                content.finishedShards(),
                "rules",
                content.rules().orElse(null),
                "configuration",
                content.configuration().map(ConfigFingerprint::hex).orElse(null),
                "takenUnderThisConfiguration",
                config == null || content.configuration().isEmpty() ? null : (Object) isUnder(config, content),
                "configurationDiffersIn",
                config == null || content.configuration().isEmpty()
                        ? null
                        : content.configuration().get().differences(ConfigFingerprint.of(config)),
                "shards",
                content.shards().stream()
                        .map(shard -> json(shard, found.get(shard.shard()), now))
                        .toList(),
                "operators",
                content.operators().stream().map(InspectCommand::json).toList());
    }

    private static Map<String, @Nullable Object> json(ShardAt shard, @Nullable String found, Instant now) {
        return Json.object(
                "shard",
                shard.shard(),
                "state",
                shard.state(),
                "cursor",
                shard.cursor(),
                "emitted",
                shard.emitted(),
                "received",
                shard.received().map(Instant::toString).orElse(null),
                "ageSeconds",
                shard.received()
                        .map(received ->
                                (Object) Duration.between(received, now).toSeconds())
                        .orElse(null),
                "service",
                found);
    }

    private static Map<String, @Nullable Object> json(Operator operator) {
        return Json.object(
                "id",
                operator.id(),
                "parallelism",
                operator.parallelism(),
                "maxParallelism",
                operator.maxParallelism(),
                "bytes",
                operator.bytes());
    }
}
