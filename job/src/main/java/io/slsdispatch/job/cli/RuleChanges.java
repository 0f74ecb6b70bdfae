package io.slsdispatch.job.cli;

import io.slsdispatch.job.rules.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * Differences between two lists of rules. Rules are compared by conditions and targets, not by name: a new name changes
 * only the labels of the metrics.
 *
 * @param added rules only in the new list, or with other conditions or targets
 * @param removed rules only in the old list, or with other conditions or targets
 * @param moved rules in both lists whose position relative to others changed
 */
record RuleChanges(List<Rule> added, List<Rule> removed, List<Rule> moved) {

    static RuleChanges between(List<Rule> before, List<Rule> after) {
        List<Rule> removed = new ArrayList<>();
        List<Rule> keptOfOld = new ArrayList<>();
        List<Rule> left = new ArrayList<>(after);
        for (Rule rule : before) {
            int place = place(rule, left);
            if (place < 0) {
                removed.add(rule);
            } else {
                keptOfOld.add(rule);
                left.remove(place);
            }
        }
        List<Rule> added = List.copyOf(left);
        List<Rule> keptOfNew =
                after.stream().filter(rule -> place(rule, keptOfOld) >= 0).toList();
        List<Rule> moved = new ArrayList<>();
        for (int i = 0; i < keptOfOld.size() && i < keptOfNew.size(); i++) {
            if (!isSame(keptOfOld.get(i), keptOfNew.get(i))) {
                moved.add(keptOfNew.get(i));
            }
        }
        return new RuleChanges(added, removed, moved);
    }

    boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && moved.isEmpty();
    }

    /** A description of a rule on one line. */
    static String words(Rule rule) {
        return rule.name() + ": " + ConfigSummary.conditions(rule) + " -> "
                + (rule.targets().isEmpty() ? "(dropped)" : String.join(", ", rule.targets()))
                + (rule.continues() ? ", then continues" : "");
    }

    private static int place(Rule rule, List<Rule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            if (isSame(rule, rules.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isSame(Rule one, Rule other) {
        // Compared as text: two compiled expressions of the same text are not equal.
        return words(renamed(one)).equals(words(renamed(other)));
    }

    private static Rule renamed(Rule rule) {
        return new Rule("", rule.topic(), rule.source(), rule.tags(), rule.targets(), rule.continues());
    }
}
