package io.slsdispatch.job.rules;

import java.io.Serializable;
import java.util.List;

/**
 * An ordered table of rules. The first rule that matches decides; as long as the matching rules have {@code continues}
 * set, later rules that match decide, too. A group goes to each target once, however many rules name it. Immutable.
 *
 * @param rules in the order in which they are tried
 * @param unmatched what happens to a group that no rule matched
 * @param malformed what happens to a group whose bytes cannot be parsed, or not far enough for a condition on its
 *     source or tags; never {@link DefaultRule.Drop}
 */
public record RuleTable(List<Rule> rules, DefaultRule unmatched, DefaultRule malformed) implements Serializable {

    /** What happens to a group that no rule decides. */
    public sealed interface DefaultRule extends Serializable {

        /** The group is dropped and counted. */
        record Drop() implements DefaultRule {
            @Override
            public String toString() {
                return "drop";
            }
        }

        /** The job fails, so that nothing is read past the group. */
        record Fail() implements DefaultRule {
            @Override
            public String toString() {
                return "fail";
            }
        }

        /** The group goes to a target. */
        record To(String target) implements DefaultRule {
            @Override
            public String toString() {
                return target;
            }
        }
    }

    public RuleTable {
        rules = List.copyOf(rules);
        if (malformed instanceof DefaultRule.Drop) {
            throw new IllegalArgumentException("malformed groups cannot be dropped");
        }
    }
}
