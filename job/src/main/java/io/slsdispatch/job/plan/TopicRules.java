package io.slsdispatch.job.plan;

import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.rules.Rule;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.rules.TextMatch;
import io.slsdispatch.job.savepoint.TargetChanges;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Destinations of the groups of a topic by the rules of a configuration, as text that is equal exactly when the targets
 * are equal.
 */
final class TopicRules {

    /** The destination of groups that a rule or the default rule drops. */
    static final String DROPPED = "(dropped)";

    /** The destination of groups at which the job stops. */
    static final String FAILS = "(the job fails)";

    private final JobConfig config;
    private final Map<String, String> places = new LinkedHashMap<>();

    TopicRules(JobConfig config) {
        this.config = config;
        config.targets().forEach(target -> places.put(target.name(), TargetChanges.place(target)));
    }

    /** The destination of the groups of a topic; it has several parts when source or tags decide, too. */
    String destination(String topic) {
        List<String> parts = new ArrayList<>();
        boolean decided = false;
        Set<String> always = new LinkedHashSet<>();
        boolean matchedAlways = false;
        for (Rule rule : config.ruleTable().rules()) {
            if (!rule.topic().matches(topic)) {
                continue;
            }
            if (rule.asksTopicOnly()) {
                matchedAlways = true;
                always.addAll(logstores(rule.targets()));
                decided = !rule.continues();
            } else {
                parts.add("if " + labels(rule) + ": " + named(logstores(rule.targets()))
                        + (rule.continues() ? " (continues)" : ""));
            }
            if (decided) {
                break;
            }
        }
        parts.add(matchedAlways ? named(List.copyOf(always)) : unmatched());
        return String.join("; else ", parts);
    }

    /** The destination of groups that no rule matches. */
    String unmatched() {
        DefaultRule rule = config.ruleTable().unmatched();
        if (rule instanceof DefaultRule.To to) {
            return named(logstores(List.of(to.target())));
        }
        return rule instanceof DefaultRule.Drop ? DROPPED : FAILS;
    }

    /** The topics that the rules name: exact topics, and for each prefix one topic with that prefix. */
    Stream<String> namedTopics() {
        return config.ruleTable().rules().stream().flatMap(rule -> literals(rule.topic()));
    }

    private static Stream<String> literals(TextMatch match) {
        if (match instanceof TextMatch.Exactly exactly) {
            return Stream.of(exactly.text());
        }
        if (match instanceof TextMatch.Prefix prefix) {
            return Stream.of(prefix.prefix() + "…");
        }
        return match instanceof TextMatch.AnyOf several
                ? several.alternatives().stream().flatMap(TopicRules::literals)
                : Stream.empty();
    }

    private List<String> logstores(List<String> targets) {
        return targets.stream()
                .map(target -> places.getOrDefault(target, target))
                .sorted()
                .toList();
    }

    private static String named(List<String> logstores) {
        return logstores.isEmpty() ? DROPPED : String.join(", ", logstores);
    }

    private static String labels(Rule rule) {
        return new Rule(rule.name(), TextMatch.ANY, rule.source(), rule.tags(), rule.targets(), rule.continues())
                .conditions();
    }
}
