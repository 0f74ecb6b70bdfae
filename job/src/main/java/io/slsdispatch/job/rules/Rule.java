package io.slsdispatch.job.rules;

import io.slsdispatch.connector.text.ForeignText;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A rule: a log group that meets all of its conditions goes to all of its targets.
 *
 * @param name unique in its table; appears in messages and metrics
 * @param topic condition on the topic, which is empty for a group without one
 * @param source condition on the group's source, which is empty for a group without one
 * @param tags conditions on the group's tags by key: at least one tag with the key must have a value that matches
 * @param targets distinct names of targets; empty to drop the group, which is counted
 * @param continues whether later rules are evaluated, too, after this one matched
 * @param logstore the logstore that the rule names outright, when its only target is one by template; null when the
 *     target decides
 */
public record Rule(
        String name,
        TextMatch topic,
        TextMatch source,
        Map<String, TextMatch> tags,
        List<String> targets,
        boolean continues,
        @Nullable String logstore)
        implements Serializable {

    public Rule {
        // A TreeMap and not Map.copyOf: the order of the conditions is visible in the plan and must not change between
        // runs.
        tags = new TreeMap<>(tags);
        targets = List.copyOf(targets);
        if (targets.stream().distinct().count() < targets.size()) {
            throw new IllegalArgumentException("rule " + name + " has a target twice");
        }
        if (targets.isEmpty() && continues) {
            throw new IllegalArgumentException("rule " + name + " has 'drop' and 'continue'");
        }
        if (logstore != null && targets.size() != 1) {
            throw new IllegalArgumentException("rule " + name + " has 'logstore', but not exactly one target");
        }
    }

    /** Creates a rule that names no logstore. */
    public Rule(
            String name,
            TextMatch topic,
            TextMatch source,
            Map<String, TextMatch> tags,
            List<String> targets,
            boolean continues) {
        this(name, topic, source, tags, targets, continues, null);
    }

    /** Creates a rule with a condition on the topic only. */
    public static Rule ofTopic(String name, TextMatch topic, String... targets) {
        return new Rule(name, topic, TextMatch.ANY, Map.of(), List.of(targets), false);
    }

    /** The same rule with another name. */
    public Rule named(String other) {
        return new Rule(other, topic, source, tags, targets, continues, logstore);
    }

    /** The same rule with other targets, in the same number. */
    public Rule withTargets(List<String> others) {
        return new Rule(name, topic, source, tags, others, continues, logstore);
    }

    /** The same rule without a condition on the topic. */
    public Rule withoutTopic() {
        return new Rule(name, TextMatch.ANY, source, tags, targets, continues, logstore);
    }

    /** The targets in words, with the logstore that the rule names: {@code by-app, logstore team-logs}. */
    public String destinations() {
        String text = String.join(", ", targets);
        return logstore == null ? text : text + ", logstore " + logstore;
    }

    /** Whether the topic alone decides, so that the group need not be parsed. */
    public boolean asksTopicOnly() {
        return source instanceof TextMatch.Any && tags.isEmpty();
    }

    /** A description of the conditions on one line. */
    public String conditions() {
        List<String> conditions = new ArrayList<>();
        if (!(topic instanceof TextMatch.Any)) {
            conditions.add("topic " + topic);
        }
        if (!(source instanceof TextMatch.Any)) {
            conditions.add("source " + source);
        }
        tags.forEach((key, value) -> conditions.add("tag " + ForeignText.visible(key) + " " + value));
        return conditions.isEmpty() ? "always" : String.join(" and ", conditions);
    }

    /**
     * Whether this rule is certain to match every group that the other rule matches by this part of its topic
     * condition.
     */
    boolean covers(Rule other, TextMatch othersTopic) {
        return topic.covers(othersTopic)
                && source.covers(other.source)
                && tags.entrySet().stream().allMatch(condition -> {
                    TextMatch others = other.tags.get(condition.getKey());
                    // Correct even when several tags have the key: a tag that meets the other condition meets this one.
                    return others != null && condition.getValue().covers(others);
                });
    }

    /** The alternatives of the topic condition: one, unless it lists several. */
    List<TextMatch> topicAlternatives() {
        return topic instanceof TextMatch.AnyOf several ? several.alternatives() : List.of(topic);
    }
}
