package io.slsdispatch.job.rules;

import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Why a group goes where it goes: what a {@link RuleMatcher} decides about a group with these labels, rule by rule.
 *
 * @param steps one for each rule, in their order
 * @param fate what becomes of the group
 * @param targets where it goes, in the order in which the rules name them; empty when it goes nowhere
 */
public record Explanation(List<Step> steps, Decision.Fate fate, List<String> targets) {

    /** What a rule made of the group. */
    public enum Outcome {
        /** The group fulfils its conditions. */
        MATCHED,
        /** It does not fulfil one of them. */
        NOT_MATCHED,
        /** A rule before it decided. */
        NOT_REACHED
    }

    /**
     * What rules see of a group.
     *
     * @param topic empty when it has none
     * @param source empty when it has none
     * @param tags the values by key; a key may stand on several tags
     */
    public record Labels(String topic, String source, Map<String, List<String>> tags) {
        public Labels {
            tags = new TreeMap<>(tags);
        }
    }

    /**
     * One rule.
     *
     * @param why the condition that was not fulfilled, or the rule that decided before; empty when it matched
     */
    public record Step(Rule rule, Outcome outcome, String why) {}

    public Explanation {
        steps = List.copyOf(steps);
        targets = List.copyOf(targets);
    }

    /** What the table says of a group with these labels. */
    public static Explanation of(RuleTable table, Labels labels) {
        List<Step> steps = new ArrayList<>();
        Set<String> targets = new LinkedHashSet<>();
        boolean matched = false;
        Rule decided = null;
        for (Rule rule : table.rules()) {
            if (decided != null) {
                steps.add(new Step(rule, Outcome.NOT_REACHED, "'" + decided.name() + "' matched before"));
                continue;
            }
            Optional<String> unfulfilled = unfulfilled(rule, labels);
            if (unfulfilled.isPresent()) {
                steps.add(new Step(rule, Outcome.NOT_MATCHED, unfulfilled.get()));
                continue;
            }
            steps.add(new Step(rule, Outcome.MATCHED, ""));
            matched = true;
            targets.addAll(rule.targets());
            decided = rule.continues() ? null : rule;
        }
        if (matched) {
            return new Explanation(
                    steps, targets.isEmpty() ? Decision.Fate.DROPPED : Decision.Fate.DELIVERED, List.copyOf(targets));
        }
        return unmatched(steps, table.unmatched());
    }

    private static Explanation unmatched(List<Step> steps, DefaultRule rule) {
        if (rule instanceof DefaultRule.To to) {
            return new Explanation(steps, Decision.Fate.UNMATCHED_DELIVERED, List.of(to.target()));
        }
        boolean drops = rule instanceof DefaultRule.Drop;
        return new Explanation(
                steps, drops ? Decision.Fate.UNMATCHED_DROPPED : Decision.Fate.UNMATCHED_FAILED, List.of());
    }

    /** The first condition that the labels do not fulfil, in words. */
    private static Optional<String> unfulfilled(Rule rule, Labels labels) {
        if (!rule.topic().matches(labels.topic())) {
            return Optional.of("topic is '" + labels.topic() + "', asked for " + rule.topic());
        }
        if (!rule.source().matches(labels.source())) {
            return Optional.of("source is '" + labels.source() + "', asked for " + rule.source());
        }
        for (Map.Entry<String, TextMatch> asked : rule.tags().entrySet()) {
            List<String> values = labels.tags().getOrDefault(asked.getKey(), List.of());
            if (values.stream().noneMatch(asked.getValue()::matches)) {
                String given = values.isEmpty() ? "is not there" : "is '" + String.join("', '", values) + "'";
                return Optional.of("tag " + asked.getKey() + " " + given + ", asked for " + asked.getValue());
            }
        }
        return Optional.empty();
    }
}
