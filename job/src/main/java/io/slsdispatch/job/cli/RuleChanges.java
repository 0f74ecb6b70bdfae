package io.slsdispatch.job.cli;

import io.slsdispatch.job.rules.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * How a list of rules differs from another. A rule is what it says and does, not its name: renaming one changes nothing
 * but the labels of its metrics.
 *
 * @param added only in the new one, or with other conditions or targets
 * @param removed only in the old one, or with other conditions or targets
 * @param moved in both, but before or after others than it was
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

    /** A rule on one line. */
    static String words(Rule rule) {
        return rule.name() + ": " + ConfigSummary.conditions(rule) + " -> "
                + (rule.targets().isEmpty() ? "(dropped)" : String.join(", ", rule.targets()))
                + (rule.continues() ? ", and continues" : "");
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
        // In words: two compiled expressions of the same text are not equal.
        return words(renamed(one)).equals(words(renamed(other)));
    }

    private static Rule renamed(Rule rule) {
        return new Rule("", rule.topic(), rule.source(), rule.tags(), rule.targets(), rule.continues());
    }
}
