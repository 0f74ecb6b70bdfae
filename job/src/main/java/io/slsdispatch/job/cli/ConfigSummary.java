package io.slsdispatch.job.cli;

import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig.SecondWay;
import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.Signature;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.job.config.ConfigFingerprint;
import io.slsdispatch.job.config.GroupCompression;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.output.TextTable;
import io.slsdispatch.job.rules.Rule;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import java.util.List;
import java.util.Locale;

/** Summary of a configuration, to read before and after the start of the job. It contains no secrets. */
final class ConfigSummary {

    private static final String INDENT = "  ";
    private static final String DROPPED = "(dropped)";

    private final JobConfig config;

    ConfigSummary(JobConfig config) {
        this.config = config;
    }

    String text() {
        return source() + "\n" + targets() + "\n" + rules() + "\nFingerprint of the configuration  "
                + ConfigFingerprint.of(config) + "\n";
    }

    private String source() {
        SourceConfig source = config.source().config();
        StringBuilder text = new StringBuilder("Source  " + source.logstore() + "\n");
        line(text, "at", connection(config.source().connection()));
        line(text, "credentials", config.source().connection().credentials().toString());
        line(text, "start", start(config.source().start()) + ", unless the shard is in a checkpoint or savepoint");
        line(text, "stop", stop(source.stop()));
        line(
                text,
                "progress",
                source.consumerGroup() == null
                        ? "not saved in the service"
                        : "saved in consumer group " + source.consumerGroup());
        line(
                text,
                "order",
                source.order() == ShardOrder.NONE
                        ? "all shards at once"
                        : "parents before children of a split or merge");
        line(text, "expired data", lower(source.onExpiredCursor()));
        if (source.pulls().compression() == Compression.ZSTD) {
            line(text, "pulled as", source.pulls().compression().text());
        }
        return text.toString();
    }

    private String targets() {
        TextTable table = new TextTable("NAME", "LOGSTORE", "AT", "WRITES", "REJECTED", "OUTAGE", "DEAD LETTERS");
        for (JobConfig.Destination target : config.destinations()) {
            String writes = (target.delivery().ordered() ? "ordered" : "parallel")
                    + (target.delivery().batching() ? ", batching" : "")
                    + compression(target);
            DeadLetterStore deadLetters = target.deadLetters();
            table.add(
                    target.name(),
                    target.logstoreText(),
                    connection(target.connection()),
                    writes,
                    lower(target.onReject()),
                    lower(target.outage().policy()),
                    deadLetters == null ? "" : deadLetters.logstore().toString());
        }
        return "Targets  " + config.destinations().size() + "\n" + table.text(INDENT) + compressedAgain() + templates()
                + credentialsOfTheirOwn();
    }

    private String templates() {
        TextTable table = new TextTable("BY TEMPLATE", "ALLOW", "AT MOST", "MISSING", "INVALID");
        for (JobConfig.Template target : config.templates()) {
            DynamicSinkConfig settings = target.config();
            String then = way(settings.whenMissing().then());
            LogstoreSettings create = settings.whenMissing().create();
            table.add(
                    target.name(),
                    String.join(", ", settings.allowed().patterns()),
                    settings.maxLogstores() + " logstores",
                    create == null ? then : "create (" + text(create) + "), else " + then,
                    way(settings.whenInvalid()));
        }
        return config.templates().isEmpty() ? "" : table.text(INDENT);
    }

    private static String text(LogstoreSettings create) {
        return create.shards() + " shards, kept " + create.ttlDays() + " d"
                + (create.autoSplit() ? ", split up to " + create.maxSplitShards() : "");
    }

    private static String way(SecondWay way) {
        return way.target() == null ? lower(way.kind()) : "to " + way.target().name();
    }

    private static String compression(JobConfig.Destination target) {
        CompressionConfig compression = target.delivery().compression();
        return compression.equals(CompressionConfig.LZ4) ? "" : ", " + compression;
    }

    /** A line if groups are compressed twice; empty otherwise. */
    private String compressedAgain() {
        List<String> again = new GroupCompression(config).compressedAgain();
        return again.isEmpty()
                ? ""
                : INDENT + "compressed twice, because other targets have lz4: " + String.join(", ", again) + "\n";
    }

    private String credentialsOfTheirOwn() {
        TextTable table = new TextTable("CREDENTIALS OF", "FROM");
        List<JobConfig.Destination> targets = config.destinations().stream()
                .filter(target -> !target.connection()
                        .credentials()
                        .equals(config.source().connection().credentials()))
                .toList();
        targets.forEach(target ->
                table.add(target.name(), target.connection().credentials().toString()));
        return targets.isEmpty() ? "" : table.text(INDENT);
    }

    private String rules() {
        TextTable table = new TextTable("RULE", "WHEN", "TO", "");
        for (Rule rule : config.ruleTable().rules()) {
            String targets = rule.targets().isEmpty() ? DROPPED : rule.destinations();
            table.add(rule.name(), rule.conditions(), targets, rule.continues() ? "continues" : "");
        }
        DefaultRule unmatched = config.ruleTable().unmatched();
        String to = unmatched instanceof DefaultRule.Drop ? DROPPED : unmatched.toString();
        table.add("(default)", "no rule matches", to, "");
        String malformed = config.ruleTable().malformed().toString();
        return "Rules  the first match decides\n" + table.text(INDENT) + INDENT + "malformed log groups: " + malformed
                + "\n";
    }

    private static String connection(ConnectionConfig connection) {
        String signature = connection.signature() instanceof Signature.V4 v4 ? "v4 " + v4.region() : "v1";
        String proxy = connection.network().proxy() == null
                ? ""
                : " via proxy " + connection.network().proxy().host() + ":"
                        + connection.network().proxy().port();
        return connection.endpoint() + " (" + signature + ")" + proxy;
    }

    private static String start(StartingPosition start) {
        if (start instanceof StartingPosition.Committed committed) {
            return "position of consumer group " + committed.consumerGroup() + ", else " + start(committed.otherwise());
        }
        if (start instanceof StartingPosition.At at) {
            return "data received from " + at.receiveTime() + " on";
        }
        return start instanceof StartingPosition.End ? "new data only" : "the oldest data";
    }

    private static String stop(StoppingPosition stop) {
        if (stop instanceof StoppingPosition.At at) {
            return "after the data received before " + at.receiveTime();
        }
        return stop instanceof StoppingPosition.Now ? "after the data that exists now" : "never";
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append(INDENT)
                .append(String.format(Locale.ROOT, "%-14s", what))
                .append(value)
                .append('\n');
    }
}
