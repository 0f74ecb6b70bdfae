package io.slsdispatch.job.plan;

import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.rules.Explanation.Labels;
import io.slsdispatch.job.rules.Rule;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.rules.TextMatch;
import io.slsdispatch.job.savepoint.TargetChanges;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Destinations of the groups of a topic by the rules of a configuration, as text that is equal exactly when the targets
 * are equal.
 */
final class TopicRules {

    /** The destination of groups that a rule or the default rule drops. */
    static final String DROPPED = "(dropped)";

    /** The destination of groups at which the job stops. */
    static final String FAILS = "(the job fails)";

    /** Ends the topic that represents all topics with a prefix. */
    private static final String MORE = "…";

    private final JobConfig config;
    private final Map<String, String> places = new LinkedHashMap<>();

    TopicRules(JobConfig config) {
        this.config = config;
        config.destinations().forEach(target -> places.put(target.name(), TargetChanges.place(target)));
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
                always.addAll(logstores(rule, topic));
                decided = !rule.continues();
            } else {
                parts.add("if " + labels(rule) + ": " + named(logstores(rule, topic))
                        + (rule.continues() ? " (continues)" : ""));
            }
            if (decided) {
                break;
            }
        }
        parts.add(matchedAlways ? named(List.copyOf(always)) : unmatched(topic));
        return String.join("; else ", parts);
    }

    /** The destination of groups that no rule matches, whatever their topic. */
    String unmatched() {
        return unmatched(null);
    }

    private String unmatched(@Nullable String topic) {
        DefaultRule rule = config.ruleTable().unmatched();
        if (rule instanceof DefaultRule.To to) {
            return place(to.target(), null, topic);
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
            return Stream.of(prefix.prefix() + MORE);
        }
        return match instanceof TextMatch.AnyOf several
                ? several.alternatives().stream().flatMap(TopicRules::literals)
                : Stream.empty();
    }

    private List<String> logstores(Rule rule, String topic) {
        return rule.targets().stream()
                .map(target -> place(target, rule.logstore(), topic))
                .sorted()
                .toList();
    }

    /** The logstore of a target; for one by template that of the topic, if it alone makes the name. */
    private String place(String target, @Nullable String outright, @Nullable String topic) {
        String place = places.getOrDefault(target, target);
        for (JobConfig.Template template : config.templates()) {
            if (!template.name().equals(target)) {
                continue;
            }
            String logstore = outright;
            if (logstore == null
                    && isTopic(topic)
                    && template.names().template().needsTopicOnly()) {
                logstore = template.names()
                        .of(new Labels(Objects.requireNonNull(topic), "", Map.of()))
                        .logstore();
            }
            return logstore == null
                    ? place
                    : template.project() + "/" + logstore + " at "
                            + template.connection().endpoint();
        }
        return place;
    }

    /** Whether a text is a topic, and neither any topic nor one with a prefix. */
    private static boolean isTopic(@Nullable String topic) {
        return topic != null && !topic.endsWith(MORE);
    }

    private static String named(List<String> logstores) {
        return logstores.isEmpty() ? DROPPED : String.join(", ", logstores);
    }

    private static String labels(Rule rule) {
        return rule.withoutTopic().conditions();
    }
}
