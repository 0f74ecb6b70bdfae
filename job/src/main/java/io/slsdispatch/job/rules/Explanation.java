package io.slsdispatch.job.rules;

import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Explanation of a decision: what a {@link RuleMatcher} decides about a group with given labels, rule by rule.
 *
 * @param steps one step for each rule, in the order of the rules
 * @param fate what happens to the group
 * @param targets the targets of the group, in the order in which the rules name them; empty when it has none
 */
public record Explanation(List<Step> steps, Decision.Fate fate, List<String> targets) {

    /** Outcome of a rule for the group. */
    public enum Outcome {
        /** The group meets all conditions of the rule. */
        MATCHED,
        /** The group does not meet one of the conditions. */
        NOT_MATCHED,
        /** An earlier rule decided. */
        NOT_REACHED
    }

    /**
     * The labels of a group that rules can match.
     *
     * @param topic empty when it has none
     * @param source empty when it has none
     * @param tags the values by key; several tags may have the same key
     */
    public record Labels(String topic, String source, Map<String, List<String>> tags) {
        public Labels {
            tags = new TreeMap<>(tags);
        }
    }

    /**
     * One rule and its outcome.
     *
     * @param why the condition that was not met, or the earlier rule that decided; empty when the rule matched
     */
    public record Step(Rule rule, Outcome outcome, String why) {}

    /**
     * A target of the group.
     *
     * @param logstore the logstore that the rule names outright, for a target by template; null when the target decides
     */
    public record Place(String target, @Nullable String logstore) {}

    /** The targets of the group with the logstores that rules name, each once, in the order of {@link #targets}. */
    public List<Place> places() {
        List<Place> places = steps.stream()
                .filter(step -> step.outcome() == Outcome.MATCHED)
                .flatMap(step -> step.rule().targets().stream()
                        .map(target -> new Place(target, step.rule().logstore())))
                .distinct()
                .toList();
        return places.isEmpty()
                ? targets.stream().map(target -> new Place(target, null)).toList()
                : places;
    }

    public Explanation {
        steps = List.copyOf(steps);
        targets = List.copyOf(targets);
    }

    /** Explains the decision of the table about a group with these labels. */
    public static Explanation of(RuleTable table, Labels labels) {
        List<Step> steps = new ArrayList<>();
        Set<String> targets = new LinkedHashSet<>();
        boolean matched = false;
        Rule decided = null;
        for (Rule rule : table.rules()) {
            if (decided != null) {
                steps.add(new Step(rule, Outcome.NOT_REACHED, "'" + decided.name() + "' matched first"));
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

    /** A description of the first condition that the labels do not meet. */
    private static Optional<String> unfulfilled(Rule rule, Labels labels) {
        if (!rule.topic().matches(labels.topic())) {
            return Optional.of("topic is '" + labels.topic() + "', expected " + rule.topic());
        }
        if (!rule.source().matches(labels.source())) {
            return Optional.of("source is '" + labels.source() + "', expected " + rule.source());
        }
        for (Map.Entry<String, TextMatch> asked : rule.tags().entrySet()) {
            List<String> values = labels.tags().getOrDefault(asked.getKey(), List.of());
            if (values.stream().noneMatch(asked.getValue()::matches)) {
                String given = values.isEmpty() ? "is missing" : "is '" + String.join("', '", values) + "'";
                return Optional.of("tag " + asked.getKey() + " " + given + ", expected " + asked.getValue());
            }
        }
        return Optional.empty();
    }
}
