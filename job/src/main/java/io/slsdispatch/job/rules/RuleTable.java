package io.slsdispatch.job.rules;

import java.io.Serializable;
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

    /** What happens to a group that no rule decides about. */
    public sealed interface DefaultRule extends Serializable {

        /** It is dropped and counted. */
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

        /** It goes to a target. */
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
