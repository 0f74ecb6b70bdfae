package io.slsdispatch.job.rules;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One rule: a group that fulfils all of its conditions goes to all of its targets.
 *
 * @param name unique in its table; appears in messages and metrics
 * @param topic asked of the topic, which is empty for a group without one
 * @param source asked of the group's source, which is empty for a group without one
 * @param tags asked of the group's tags by key: at least one tag with this key must have such a value
 * @param targets names of targets, each once; empty to drop the group (counted)
 * @param continues whether later rules are looked at too after this one matched
 */
public record Rule(
        String name,
        TextMatch topic,
        TextMatch source,
        Map<String, TextMatch> tags,
        List<String> targets,
        boolean continues)
        implements Serializable {

    public Rule {
        // A TreeMap and not Map.copyOf: the order of the conditions shows in the plan and must not change from run to
        // run.
        tags = new TreeMap<>(tags);
        targets = List.copyOf(targets);
        if (targets.stream().distinct().count() < targets.size()) {
            throw new IllegalArgumentException("rule " + name + " names a target twice");
        }
        if (targets.isEmpty() && continues) {
            throw new IllegalArgumentException("rule " + name + " drops and continues");
        }
    }

    /** A rule about nothing but the topic. */
    public static Rule ofTopic(String name, TextMatch topic, String... targets) {
        return new Rule(name, topic, TextMatch.ANY, Map.of(), List.of(targets), false);
    }

    /** Whether the topic alone decides, so that the group itself need not be looked into. */
    public boolean asksTopicOnly() {
        return source instanceof TextMatch.Any && tags.isEmpty();
    }

    /**
     * Whether a group that the other rule matches through this part of its topic condition is certain to be matched by
     * this rule.
     */
    boolean covers(Rule other, TextMatch othersTopic) {
        return topic.covers(othersTopic)
                && source.covers(other.source)
                && tags.entrySet().stream().allMatch(condition -> {
                    TextMatch others = other.tags.get(condition.getKey());
                    // Sound although a key may stand on several tags: the tag that fulfils the other fulfils this one.
                    return others != null && condition.getValue().covers(others);
                });
    }

    /** The alternatives of the topic condition: one, unless it lists several. */
    List<TextMatch> topicAlternatives() {
        return topic instanceof TextMatch.AnyOf several ? several.alternatives() : List.of(topic);
    }
}
