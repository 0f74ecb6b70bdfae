package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.output.TextTable;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code lag}: shows the lag of a consumer group. */
@Command(
        name = "lag",
        description = {
            "Shows the lag of the consumer group for each shard of the source: the age of the oldest log group that is not"
                    + " delivered yet, as the service reports it. The job saves its progress in the service after each"
                    + " checkpoint, so the lag of a healthy job is at most one checkpoint interval.",
            "",
            "Exits with 3 when data at the position of the group has expired, or when the service does not respond."
        })
final class LagCommand implements Terminal.SubCommand {

    private static final int BAR_WIDTH = 30;
    private static final long WATCH_SECONDS = 5;

    /** Not an exit code: the query failed, and the failure is not transient. */
    private static final int DENIED = -1;

    @Mixin
    private final ConfigFile file = new ConfigFile();

    @Option(names = "--group", paramLabel = "GROUP", description = "Consumer group to show instead of the job's.")
    private @Nullable String group;

    @Option(names = "--watch", description = "Repeat every 5 s, also after transient failures, until interrupted.")
    private boolean watch;

    @Option(names = "--json", description = "Print one JSON object; with --watch, one for each query.")
    private boolean json;

    @Override
    public int run(Terminal terminal) throws Exception {
        JobConfig config = file.read(terminal);
        String asked = group == null ? config.source().config().consumerGroup() : group;
        if (asked == null) {
            return terminal.refuse(
                    "The configuration has no 'source.consumer-group', so the service does not know the progress of"
                            + " the job. For the lag of a running job, use: "
                            + ("status " + file.asArguments()).stripTrailing()
                            + " --flink URL. For another consumer group, pass --group GROUP"
                            + groups(terminal, config));
        }
        LogstoreId source = config.source().config().logstore();
        try (SlsClient client =
                terminal.clients().apply(config.source().connection()).create()) {
            CountDownLatch never = new CountDownLatch(1);
            int exitCode;
            do {
                exitCode = ask(terminal, client, config.source().connection(), source, asked);
            } while (watch && exitCode != DENIED && !never.await(WATCH_SECONDS, TimeUnit.SECONDS));
            return exitCode == DENIED ? ExitCode.NOT_CONFIRMED : exitCode;
        }
    }

    /** Queries the lag once. Returns the exit code, or {@link #DENIED} when a repeated query cannot succeed. */
    private int ask(Terminal terminal, SlsClient client, ConnectionConfig connection, LogstoreId source, String asked)
            throws InterruptedException {
        try {
            List<ShardLag> shards = ShardLag.of(client, source, asked, terminal.clock());
            show(terminal, source, asked, shards);
            return shards.stream().anyMatch(shard -> shard.kind() == ShardLag.Kind.EXPIRED)
                    ? ExitCode.NOT_CONFIRMED
                    : ExitCode.OK;
        } catch (SlsException e) {
            return terminal.fail(
                    e.kind().isTransient() ? ExitCode.NOT_CONFIRMED : DENIED,
                    e.getMessage() + hint(e, client, connection, source, asked));
        }
    }

    /** The consumer groups to choose from, when the service responds. */
    private static String groups(Terminal terminal, JobConfig config) {
        LogstoreId source = config.source().config().logstore();
        try (SlsClient client =
                terminal.clients().apply(config.source().connection()).create()) {
            List<String> groups =
                    client.consumerGroups(source).stream().sorted().toList();
            return groups.isEmpty()
                    ? "; the logstore has none."
                    : "; the logstore has " + String.join(", ", groups) + ".";
        } catch (SlsException | IllegalArgumentException | IllegalStateException unreachableFromHere) {
            return ".";
        }
    }

    private static String hint(
            SlsException error, SlsClient client, ConnectionConfig connection, LogstoreId source, String asked) {
        if (error.kind() != ErrorKind.NOT_FOUND) {
            return Finding.hint(error, connection);
        }
        try {
            List<String> groups =
                    client.consumerGroups(source).stream().sorted().toList();
            if (groups.contains(asked)) {
                return "";
            }
            String existing = ForeignText.name(String.join(", ", groups), Secrets.NONE, 2 * ForeignText.MESSAGE);
            return "\nThe consumer group '" + asked + "' does not exist. "
                    + (groups.isEmpty()
                            ? "The logstore has no consumer groups; the job creates its own when it starts."
                            : "The logstore has " + existing + ": pass one with --group.");
        } catch (SlsException noLogstore) {
            return ". Correct 'source.project' and 'source.logstore', or create the logstore.";
        }
    }

    private void show(Terminal terminal, LogstoreId source, String asked, List<ShardLag> shards) {
        if (json) {
            Json.print(
                    terminal.out(),
                    Json.object(
                            "logstore", source.toString(),
                            "consumerGroup", asked,
                            "shards", shards.stream().map(ShardLag::json).toList()));
            return;
        }
        print(terminal, source, asked, shards);
    }

    /** Prints the lag of a consumer group as a table. */
    static void print(Terminal terminal, LogstoreId source, String asked, List<ShardLag> shards) {
        long longest = shards.stream().mapToLong(ShardLag::seconds).max().orElse(0);
        TextTable table = new TextTable("SHARD", "STATUS", "DELIVERED UP TO", "LAG", "");
        for (ShardLag shard : shards) {
            table.add(
                    Integer.toString(shard.shard()),
                    shard.open() ? "open" : "read-only",
                    shard.position(),
                    shard.words(),
                    bar(shard.seconds(), longest));
        }
        terminal.out()
                .println("Consumer group " + asked + " of " + source + "  "
                        + terminal.clock().instant());
        terminal.out().print(table.text("  "));
        terminal.out().flush();
    }

    private static String bar(long seconds, long longest) {
        if (seconds <= 0 || longest <= 0) {
            return "";
        }
        return "█".repeat((int) Math.max(1, seconds * BAR_WIDTH / longest));
    }
}
