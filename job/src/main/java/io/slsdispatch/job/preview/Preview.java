package io.slsdispatch.job.preview;

import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.FieldCursor;
import io.slsdispatch.connector.wire.LogGroupFields;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.job.rules.Decision;
import io.slsdispatch.job.rules.Decision.Fate;
import io.slsdispatch.job.rules.Decision.RuleTarget;
import io.slsdispatch.job.rules.Rule;
import io.slsdispatch.job.rules.RuleMatcher;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.template.KnownTargets;
import io.slsdispatch.job.template.LogstoreNamer;
import io.slsdispatch.job.template.LogstoreNames.Name;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The decisions of rules about sampled groups, by topic. Takes groups as {@link SourceSampler} reads them. One thread. */
public final class Preview {

    /** More names than a sample has. */
    private static final int MAX_NAMES = 10_000;

    /** How a group is treated. */
    public enum Kind {
        /** A rule matches. */
        MATCHED,
        /** No rule matches; the default rule decides. */
        UNMATCHED,
        /** The group cannot be parsed, or not far enough for a rule. */
        MALFORMED
    }

    /**
     * Groups of one topic with one decision.
     *
     * @param topic empty for groups without a topic and malformed groups
     * @param kind how they are treated
     * @param rules the names of the rules that decide; empty unless matched
     * @param targets the names of their targets; empty when they are dropped or stop the job
     * @param logstores for each target by template its logstore or why there is none, empty for the other targets; in
     *     the order of the targets
     * @param fails whether the job stops at such a group
     * @param groups number of groups in the sample
     * @param bytes their size
     * @param logs number of logs in them
     * @param groupsPerSecond rate at which they arrive in the source
     * @param bytesPerSecond rate at which their bytes arrive
     */
    public record Row(
            String topic,
            Kind kind,
            List<String> rules,
            List<String> targets,
            List<String> logstores,
            boolean fails,
            long groups,
            long bytes,
            long logs,
            double groupsPerSecond,
            double bytesPerSecond) {

        /** The targets in words, with the logstores of those by template: {@code by-app (app-a-logs)}. */
        public List<String> destinations() {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < targets.size(); i++) {
                texts.add(targets.get(i) + (logstores.get(i).isEmpty() ? "" : " (" + logstores.get(i) + ")"));
            }
            return texts;
        }
    }

    private record Key(
            String topic, Kind kind, List<String> rules, List<String> targets, List<String> logstores, boolean fails) {}

    private static final class Count {

        private long groups;
        private long bytes;
        private long logs;

        /** Groups and bytes by shard, since the sample of each shard covers a time of its own. */
        private final Map<Integer, long[]> byShard = new HashMap<>();
    }

    private final RuleTable table;
    private final RuleMatcher matcher;
    private final Map<String, LogstoreNamer> namers = new HashMap<>();
    private final Map<String, KnownTargets.Template> templates;
    private final FieldCursor fields = new FieldCursor();
    private final Map<Key, Count> counts = new LinkedHashMap<>();

    public Preview(RuleTable table, KnownTargets targets) {
        this.table = table;
        this.matcher = new RuleMatcher(table);
        this.templates = targets.templates();
        templates.forEach((name, template) ->
                namers.put(name, new LogstoreNamer(template.names(), MAX_NAMES, (logstore, first, other) -> {})));
    }

    /** Counts a group of the sample. */
    public void add(RawLogGroup group) {
        Count count = counts.computeIfAbsent(key(group), key -> new Count());
        count.groups++;
        count.bytes += group.length();
        count.logs += logs(group);
        long[] ofShard = count.byShard.computeIfAbsent(group.shard(), shard -> new long[2]);
        ofShard[0]++;
        ofShard[1] += group.length();
    }

    private Key key(RawLogGroup group) {
        if (group.isMalformed()) {
            return malformed(group);
        }
        Decision decision;
        try {
            decision = matcher.decide(group);
        } catch (MalformedLogGroupException e) {
            return malformed(group);
        }
        List<String> targets =
                decision.targets().stream().map(RuleTarget::target).toList();
        if (decision.fate() == Fate.DELIVERED) {
            List<String> rules =
                    decision.targets().stream().map(RuleTarget::rule).distinct().toList();
            return new Key(group.topic(), Kind.MATCHED, rules, targets, logstores(decision, group), false);
        }
        if (decision.fate() == Fate.DROPPED) {
            return new Key(group.topic(), Kind.MATCHED, List.of(dropping(group.topic())), targets, List.of(), false);
        }
        return new Key(
                group.topic(),
                Kind.UNMATCHED,
                List.of(),
                targets,
                logstores(decision, group),
                decision.fate() == Fate.UNMATCHED_FAILED);
    }

    private List<String> logstores(Decision decision, RawLogGroup group) {
        List<String> logstores = new ArrayList<>();
        for (RuleTarget target : decision.targets()) {
            LogstoreNamer namer = namers.get(target.target());
            KnownTargets.Template template = templates.get(target.target());
            String outright = target.logstore();
            if (namer == null || template == null) {
                logstores.add("");
            } else {
                Name name =
                        outright == null ? namer.name(group) : template.names().ofOutright(outright);
                logstores.add(name.logstore() == null ? "no logstore: " + name.problem() : name.logstore());
            }
        }
        return logstores;
    }

    private Key malformed(RawLogGroup group) {
        Decision decision = matcher.malformed();
        List<String> targets = decision == null
                ? List.of()
                : decision.targets().stream().map(RuleTarget::target).toList();
        List<String> logstores = decision == null ? List.of() : logstores(decision, group);
        return new Key(group.topic(), Kind.MALFORMED, List.of(), targets, logstores, decision == null);
    }

    /** The rule that drops groups of a topic; a decision to drop has no targets, so it does not name its rule. */
    private String dropping(String topic) {
        return table.rules().stream()
                .filter(rule -> rule.targets().isEmpty() && rule.topic().matches(topic))
                .map(Rule::name)
                .findFirst()
                .orElse("");
    }

    /** Counts logs by walking over the fields of the group, without decoding them. */
    private int logs(RawLogGroup group) {
        ByteSlice bytes = group.bytes();
        int logs = 0;
        try {
            fields.reset(bytes.array(), bytes.offset(), bytes.length());
            while (fields.next()) {
                logs += fields.isBytes(LogGroupFields.LOGS) ? 1 : 0;
            }
        } catch (MalformedLogGroupException e) {
            // Counts those before the damage.
        }
        return logs;
    }

    /** The counts, the largest first. */
    public List<Row> rows(List<SampledShard> shards) {
        Map<Integer, Long> seconds = new HashMap<>();
        shards.forEach(shard -> seconds.put(shard.shard(), Math.max(1, shard.seconds())));
        return counts.entrySet().stream()
                .map(entry -> row(entry.getKey(), entry.getValue(), seconds))
                .sorted(Comparator.comparing(Row::kind)
                        .thenComparing(
                                Comparator.comparingDouble(Row::bytesPerSecond).reversed())
                        .thenComparing(Row::topic))
                .toList();
    }

    private static Row row(Key key, Count count, Map<Integer, Long> seconds) {
        double groupsPerSecond = 0;
        double bytesPerSecond = 0;
        for (Map.Entry<Integer, long[]> shard : count.byShard.entrySet()) {
            double time = seconds.getOrDefault(shard.getKey(), 1L);
            groupsPerSecond += shard.getValue()[0] / time;
            bytesPerSecond += shard.getValue()[1] / time;
        }
        return new Row(
                key.topic,
                key.kind,
                key.rules,
                key.targets,
                key.logstores,
                key.fails,
                count.groups,
                count.bytes,
                count.logs,
                groupsPerSecond,
                bytesPerSecond);
    }
}
