package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.output.TextTable;
import io.slsdispatch.job.preview.Preview;
import io.slsdispatch.job.preview.Preview.Kind;
import io.slsdispatch.job.preview.Preview.Row;
import io.slsdispatch.job.preview.SampleLimits;
import io.slsdispatch.job.preview.SampledShard;
import io.slsdispatch.job.preview.SourceSampler;
import io.slsdispatch.job.preview.TargetEstimate;
import io.slsdispatch.job.preview.TopicMismatch;
import io.slsdispatch.job.yaml.ScalarTypes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Command {@code preview}: shows what flows in the source, and where the rules would send it. */
@Command(
        name = "preview",
        description = {
            "Shows what flows in the source now, and where the rules would send it: reads a sample of each shard and"
                    + " applies the rules to it as the job does. Needs no cluster, changes nothing and uses no consumer"
                    + " group. It reads at most 256 MiB.",
            "",
            "Rates are estimates from the sample. The number of shards that a target needs follows from the limits of a"
                    + " shard, 5 MB and 500 requests per second."
        })
final class PreviewCommand implements Terminal.SubCommand {

    private static final int BAR_WIDTH = 10;
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final double MB = 1_000_000;

    /** The sample and the decisions about it. */
    private record Result(
            JobConfig config, Instant since, List<SampledShard> shards, List<Row> rows, List<TargetEstimate> targets) {

        long groups() {
            return shards.stream().mapToLong(SampledShard::groups).sum();
        }

        long bytes() {
            return shards.stream().mapToLong(SampledShard::bytes).sum();
        }

        int pulls() {
            return shards.stream().mapToInt(SampledShard::pulls).sum();
        }

        double share(Row row) {
            double all = rows.stream().mapToDouble(Row::bytesPerSecond).sum();
            return all == 0 ? 0 : row.bytesPerSecond() / all;
        }

        List<Row> rows(Kind kind) {
            return rows.stream().filter(row -> row.kind() == kind).toList();
        }
    }

    @Mixin
    private final ConfigFile file = new ConfigFile();

    @Option(
            names = "--groups",
            paramLabel = "N",
            description = "Log groups to read of each shard, at most 100000. Default: 1000.")
    private int groups = 1_000;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Read data received from this time on. ISO-8601 (UTC, unless it has a zone) or unix seconds. Default:"
                            + " 5 min ago.",
            converter = RedriveCommand.TimeConverter.class)
    private @Nullable Instant since;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            description = "Also wait for new log groups, until this time has passed, such as '30s'. Default: 0s.",
            converter = DurationConverter.class)
    private Duration follow = Duration.ZERO;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "Rules to apply instead of those of the configuration.")
    private @Nullable Path rules;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public int run(Terminal terminal) throws Exception {
        if (groups < 1 || groups > SampleLimits.MAX_GROUPS_PER_SHARD) {
            return terminal.refuse("--groups " + groups + ": expected a whole number from 1 to "
                    + SampleLimits.MAX_GROUPS_PER_SHARD + ".");
        }
        Optional<JobConfig> config =
                rules == null ? Optional.of(file.read(terminal)) : file.readWithRules(rules, terminal);
        if (config.isEmpty()) {
            return terminal.refuse("--rules applies to a configuration file. Pass it with --config FILE.");
        }
        Result result;
        try {
            result = sample(config.get(), terminal);
        } catch (SlsException e) {
            return terminal.fail(
                    ExitCode.NOT_CONFIRMED,
                    e.getMessage() + Finding.hint(e, config.get().source().connection()));
        }
        if (json) {
            Json.print(terminal.out(), json(result));
        } else {
            print(terminal.out(), result);
        }
        return ExitCode.OK;
    }

    private Result sample(JobConfig config, Terminal terminal) throws SlsException, InterruptedException {
        Preview preview = new Preview(config.ruleTable(), config.knownTargets());
        Instant now = terminal.clock().instant();
        Instant from = (since == null ? now.minus(WINDOW) : since).truncatedTo(ChronoUnit.SECONDS);
        LogstoreId source = config.source().config().logstore();
        try (SlsClient client =
                terminal.clients().apply(config.source().connection()).create()) {
            SourceSampler sampler =
                    new SourceSampler(client, source, SampleLimits.ofPreview(groups, follow), System::nanoTime);
            List<SampledShard> shards = sampler.read(from, now, preview::add);
            List<Row> rows = preview.rows(shards);
            return new Result(config, from, shards, rows, TargetEstimate.of(config.destinations(), rows));
        }
    }

    private static void print(PrintWriter out, Result result) {
        out.println(
                "Preview of " + result.config.source().config().logstore() + "  data received since " + result.since);
        out.println("  sample: " + result.groups() + " log groups, " + size(result.bytes()) + ", "
                + result.shards.size() + " shards, " + result.pulls() + " pulls" + incomplete(result));
        if (result.groups() == 0) {
            out.println("\nNo log groups were received in this time. Pass an earlier --since, or --for to wait.");
            return;
        }
        print(out, "Matched", result, Kind.MATCHED);
        print(
                out,
                "Unmatched, default-route is '" + result.config.ruleTable().unmatched() + "'",
                result,
                Kind.UNMATCHED);
        print(
                out,
                "Malformed, dispatch.on-malformed is '"
                        + result.config.ruleTable().malformed() + "'",
                result,
                Kind.MALFORMED);
        out.println("\nTargets, estimated");
        TextTable table = new TextTable("TARGET", "GROUPS", "GROUPS/S", "MB/S", "REQUESTS/S", "SHARDS NEEDED");
        for (TargetEstimate target : result.targets) {
            table.add(
                    target.target(),
                    Long.toString(target.groups()),
                    rate(target.groupsPerSecond()),
                    rate(target.bytesPerSecond() / MB),
                    rate(target.requestsPerSecond()),
                    Integer.toString(target.shards()));
        }
        out.print(table.text("  "));
        TopicMismatch.find(result.config.ruleTable(), result.rows)
                .ifPresent(mismatch -> out.println("\nWARNING " + mismatch));
    }

    /** Says when the sample ended before the ends of shards, so that the counts are not those of the whole time. */
    private static String incomplete(Result result) {
        long cut = result.shards.stream().filter(shard -> !shard.endReached()).count();
        return cut == 0 ? "" : "; " + cut + " shards have more";
    }

    private static void print(PrintWriter out, String title, Result result, Kind kind) {
        List<Row> rows = result.rows(kind);
        if (rows.isEmpty()) {
            return;
        }
        out.println("\n" + title);
        TextTable table = new TextTable("TOPIC", "GROUPS", "SIZE", "LOGS/GROUP", "SHARE", "", "RULE", "TARGETS");
        for (Row row : rows) {
            double share = result.share(row);
            table.add(
                    "'" + ForeignText.name(row.topic(), Secrets.NONE, ForeignText.NAME) + "'",
                    Long.toString(row.groups()),
                    size(row.bytes()),
                    rate((double) row.logs() / row.groups()),
                    percent(share),
                    "█".repeat((int) Math.round(share * BAR_WIDTH)),
                    String.join(", ", row.rules()),
                    targets(row));
        }
        out.print(table.text("  "));
    }

    private static String targets(Row row) {
        if (row.fails()) {
            return "(the job fails)";
        }
        return row.targets().isEmpty() ? "(dropped)" : String.join(", ", row.destinations());
    }

    private static String size(long bytes) {
        return bytes < 10_000 ? bytes + " B" : rate(bytes / MB) + " MB";
    }

    private static String percent(double share) {
        return share > 0 && share < 0.01 ? "<1 %" : Math.round(100 * share) + " %";
    }

    /** A number with as many digits as an estimate deserves. */
    private static String rate(double value) {
        if (value > 0 && value < 0.01) {
            return "<0.01";
        }
        return String.format(Locale.ROOT, value < 10 && value != Math.rint(value) ? "%.2f" : "%.0f", value);
    }

    private static Map<String, @Nullable Object> json(Result result) {
        return Json.object(
                "logstore",
                result.config.source().config().logstore().toString(),
                "since",
                result.since.toString(),
                "groups",
                result.groups(),
                "bytes",
                result.bytes(),
                "pulls",
                result.pulls(),
                "shards",
                result.shards.stream().map(PreviewCommand::json).toList(),
                "matched",
                result.rows(Kind.MATCHED).stream().map(row -> json(result, row)).toList(),
                "unmatched",
                result.rows(Kind.UNMATCHED).stream()
                        .map(row -> json(result, row))
                        .toList(),
                "malformed",
                result.rows(Kind.MALFORMED).stream()
                        .map(row -> json(result, row))
                        .toList(),
                "targets",
                result.targets.stream().map(PreviewCommand::json).toList(),
                "warning",
                TopicMismatch.find(result.config.ruleTable(), result.rows).orElse(null));
    }

    private static Map<String, @Nullable Object> json(SampledShard shard) {
        return Json.object(
                "shard", shard.shard(),
                "groups", shard.groups(),
                "bytes", shard.bytes(),
                "pulls", shard.pulls(),
                "seconds", shard.seconds(),
                "endReached", shard.endReached());
    }

    private static Map<String, @Nullable Object> json(Result result, Row row) {
        return Json.object(
                "topic", row.topic(),
                "groups", row.groups(),
                "bytes", row.bytes(),
                "logs", row.logs(),
                "share", result.share(row),
                "rules", row.rules(),
                "targets", row.targets(),
                "logstores", row.logstores(),
                "fails", row.fails());
    }

    private static Map<String, @Nullable Object> json(TargetEstimate target) {
        return Json.object(
                "target", target.target(),
                "groups", target.groups(),
                "bytes", target.bytes(),
                "groupsPerSecond", target.groupsPerSecond(),
                "bytesPerSecond", target.bytesPerSecond(),
                "requestsPerSecond", target.requestsPerSecond(),
                "shards", target.shards());
    }

    /** Converter of durations as in a configuration. */
    static final class DurationConverter implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            try {
                return ScalarTypes.DURATION_OR_ZERO.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'" + text + "': expected " + ScalarTypes.DURATION_OR_ZERO.expectation());
            }
        }
    }
}
