package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.cli.SavepointReader.Content;
import io.slsdispatch.job.cli.SavepointReader.Operator;
import io.slsdispatch.job.cli.SavepointReader.ShardAt;
import io.slsdispatch.job.config.JobConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a savepoint holds. */
@Command(
        name = InspectCommand.NAME,
        description = {
            "Shows what a savepoint or retained checkpoint holds: the shards and how far each is read, as times; the version"
                    + " of the rules; the operators. Changes nothing.",
            "",
            "It needs the classes of Flink, and no cluster. Either set FLINK_HOME to a Flink of the version that wrote the"
                    + " savepoint or a newer one, or, also for paths such as s3://, let Flink's own client run it:%n"
                    + "  flink run sls-dispatch.jar inspect-savepoint PATH"
        })
final class InspectCommand implements SubCommand {

    static final String NAME = "inspect-savepoint";

    private final Optional<SavepointReader> reader;

    @Parameters(paramLabel = "PATH", description = "Directory of the savepoint, or the file _metadata in it.")
    private String path = "";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "Ask the service of this configuration, too, whether the cursors still hold and how much is behind"
                            + " them.")
    private java.nio.file.@Nullable Path file;

    @Option(names = "--json", description = "Answer as one JSON object.")
    private boolean json;

    InspectCommand(Optional<SavepointReader> reader) {
        this.reader = reader;
    }

    @Override
    public int run(Terminal terminal) throws Exception {
        if (reader.isEmpty()) {
            return terminal.refuse("Savepoints are read by Flink's classes, which are not here. Set FLINK_HOME to the"
                    + " directory of a Flink:\n\n"
                    + "  FLINK_HOME=/opt/flink java -jar sls-dispatch.jar inspect-savepoint " + path + "\n\n"
                    + "or let its client run it:\n\n"
                    + "  flink run sls-dispatch.jar inspect-savepoint " + path);
        }
        Content content;
        try {
            content = reader.get().read(path);
        } catch (IOException e) {
            return terminal.refuse(path + " cannot be read: " + e.getMessage());
        }
        Map<Integer, String> found = Map.of();
        if (file != null) {
            JobConfig config = ConfigFile.read(file, terminal);
            LogstoreId source = config.source().config().logstore();
            if (!source.toString().equals(content.logstore())) {
                return terminal.refuse("The savepoint is of logstore " + content.logstore()
                        + ", the configuration reads " + source + ".");
            }
            try (SlsClient client =
                    terminal.clients().apply(config.source().connection()).create()) {
                found = ask(client, source, content.shards());
            } catch (SlsException e) {
                terminal.err().println(e.getMessage());
                terminal.err().flush();
                return ExitCode.NOT_CONFIRMED;
            }
        }
        Instant now = terminal.clock().instant();
        if (json) {
            Json.print(terminal.out(), json(content, found, now));
        } else {
            print(terminal, content, found, now);
        }
        return ExitCode.OK;
    }

    /** What the service says of each cursor. */
    private static Map<Integer, String> ask(SlsClient client, LogstoreId source, List<ShardAt> shards)
            throws SlsException {
        Map<Integer, String> found = new HashMap<>();
        for (ShardAt shard : shards) {
            try {
                found.put(
                        shard.shard(),
                        "good, next received " + client.cursorTime(source, shard.shard(), shard.cursor()));
            } catch (SlsException e) {
                if (e.kind() == ErrorKind.CURSOR_EXPIRED) {
                    found.put(shard.shard(), "EXPIRED: data after it is gone");
                } else if (e.kind() == ErrorKind.SHARD_NOT_FOUND) {
                    found.put(shard.shard(), "GONE: the shard is not there any more");
                } else {
                    throw e;
                }
            }
        }
        return found;
    }

    private void print(Terminal terminal, Content content, Map<Integer, String> found, Instant now) {
        terminal.out().println("Savepoint " + path + ", checkpoint " + content.checkpointId());
        terminal.out()
                .println("Source    " + content.logstore() + ", "
                        + content.shards().size() + " shards being read, " + content.finishedShards() + " finished");
        terminal.out()
                .println("Rules     "
                        + content.rules().orElse("not in it: those of the configuration that it is restored with"));
        terminal.out().println();
        TextTable shards =
                new TextTable("SHARD", "STATE", "READ UP TO", "AGE", "CURSOR", file == null ? "" : "SERVICE");
        for (ShardAt shard : content.shards()) {
            shards.add(
                    Integer.toString(shard.shard()),
                    shard.state(),
                    shard.received().map(Instant::toString).orElse("unknown"),
                    shard.received()
                            .map(received -> ShardLag.words(
                                    Duration.between(received, now).toSeconds()))
                            .orElse(""),
                    shard.cursor() + (shard.emitted() == 0 ? "" : " + " + shard.emitted()),
                    found.getOrDefault(shard.shard(), ""));
        }
        terminal.out().print(shards.text("  "));
        terminal.out().println();
        TextTable operators = new TextTable("OPERATOR", "PARALLELISM", "AT MOST", "BYTES");
        for (Operator operator : content.operators()) {
            operators.add(
                    operator.id(),
                    Integer.toString(operator.parallelism()),
                    Integer.toString(operator.maxParallelism()),
                    Long.toString(operator.bytes()));
        }
        terminal.out().print(operators.text("  "));
    }

    private static Map<String, @Nullable Object> json(Content content, Map<Integer, String> found, Instant now) {
        return Json.object(
                "checkpointId",
                content.checkpointId(),
                "logstore",
                content.logstore(),
                "finishedShards",
                content.finishedShards(),
                "rules",
                content.rules().orElse(null),
                "shards",
                content.shards().stream()
                        .map(shard -> Json.object(
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
                                        .map(received -> (Object)
                                                Duration.between(received, now).toSeconds())
                                        .orElse(null),
                                "service",
                                found.get(shard.shard())))
                        .toList(),
                "operators",
                content.operators().stream()
                        .map(operator -> Json.object(
                                "id",
                                operator.id(),
                                "parallelism",
                                operator.parallelism(),
                                "maxParallelism",
                                operator.maxParallelism(),
                                "bytes",
                                operator.bytes()))
                        .toList());
    }
}
