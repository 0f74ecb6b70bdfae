package io.slsdispatch.job.rules;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Which group goes where: rules in order, the first that matches decides (and those after it too while they say
 * {@code continues}). A group gets to each target once, however many rules name it. Immutable.
 *
 * @param rules in the order in which they are tried
 * @param unmatched what happens to a group that no rule matched
 * @param malformed what happens to a group whose bytes cannot be walked, or not as far as a rule asks for its source
 *     or tags; never {@link DefaultRule.Drop}
 */
public record RuleTable(List<Rule> rules, DefaultRule unmatched, DefaultRule malformed) implements Serializable {

    /**
     * A rule that never gets a group because earlier ones take all that it could match.
     *
     * @param rule the place of the rule, from 0
     * @param topic the part of its topic condition that never gets a group
     * @param takenBy the place of the rule that takes it, from 0
     * @param wholly whether the rule as a whole is unreachable and not only this part of its topic condition
     */
    public record Unreachable(int rule, TextMatch topic, int takenBy, boolean wholly) {}

    public RuleTable {
        rules = List.copyOf(rules);
        if (malformed instanceof DefaultRule.Drop) {
            throw new IllegalArgumentException("malformed groups cannot be dropped");
        }
    }

    /** What is certain never to be reached. Finds all that exact texts, prefixes, globs and equal expressions allow. */
    public static List<Unreachable> unreachable(List<Rule> rules) {
        List<Unreachable> found = new ArrayList<>();
        ShadowedRules earlier = new ShadowedRules();
        for (int later = 1; later < rules.size(); later++) {
            earlier.add(rules.get(later - 1));
            Rule rule = rules.get(later);
            List<Unreachable> ofThis = new ArrayList<>();
            for (TextMatch topic : rule.topicAlternatives()) {
                int takenBy = earlier.firstTaking(rule, topic);
                if (takenBy >= 0) {
                    ofThis.add(new Unreachable(later, topic, takenBy, false));
                }
            }
            if (ofThis.size() == rule.topicAlternatives().size()) {
                found.add(new Unreachable(later, rule.topic(), ofThis.get(0).takenBy(), true));
            } else {
                found.addAll(ofThis);
            }
        }
        return found;
    }
}
