package io.slsdispatch.job.plan;

import io.slsdispatch.job.rules.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Differences between two lists of rules. Rules are compared by conditions and targets; a new name changes only the
 * labels of the metrics.
 *
 * @param added rules only in the new list, or with other conditions or targets
 * @param removed rules only in the old list, or with other conditions or targets
 * @param moved rules in both lists whose position relative to others changed
 * @param renamed rules in both lists whose name changed, unless both names are only their position
 */
public record RuleChanges(List<Rule> added, List<Rule> removed, List<Rule> moved, List<Renamed> renamed) {

    /** The name of a rule without a configured name. */
    private static final Pattern POSITION = Pattern.compile("rule \\d+");

    /** A rule with another name. */
    public record Renamed(String before, Rule rule) {}

    static RuleChanges between(List<Rule> before, List<Rule> after) {
        List<Rule> removed = new ArrayList<>();
        List<Rule> keptOfOld = new ArrayList<>();
        List<Renamed> renamed = new ArrayList<>();
        List<Rule> left = new ArrayList<>(after);
        for (Rule rule : before) {
            int place = place(rule, left);
            if (place < 0) {
                removed.add(rule);
            } else {
                keptOfOld.add(rule);
                Rule now = left.remove(place);
                boolean positions = POSITION.matcher(rule.name()).matches()
                        && POSITION.matcher(now.name()).matches();
                if (!positions && !rule.name().equals(now.name())) {
                    renamed.add(new Renamed(rule.name(), now));
                }
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
        return new RuleChanges(added, removed, moved, renamed);
    }

    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && moved.isEmpty() && renamed.isEmpty();
    }

    /** A description of a rule on one line. */
    public static String words(Rule rule) {
        return rule.name() + ": " + rule.conditions() + " -> "
                + (rule.targets().isEmpty() ? "(dropped)" : rule.destinations())
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
        return rule.named("");
    }
}
