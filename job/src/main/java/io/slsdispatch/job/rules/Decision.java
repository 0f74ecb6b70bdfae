package io.slsdispatch.job.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decision of the rules about a log group.
 *
 * @param fate whether the group is delivered, and if not, why
 * @param targets the targets of the group; empty unless the fate is {@link Fate#DELIVERED}
 */
public record Decision(Fate fate, List<RuleTarget> targets) {

    /** What happens to a group. */
    public enum Fate {
        /** A rule matched: the group goes to its targets. */
        DELIVERED,
        /** No rule matched, and the default rule names a target. */
        UNMATCHED_DELIVERED,
        /** No rule matched, and the default rule drops the group. */
        UNMATCHED_DROPPED,
        /** No rule matched, and the default rule fails the job. */
        UNMATCHED_FAILED,
        /** The rule that matched drops the group. */
        DROPPED
    }

    /**
     * A target together with the rule that names it.
     *
     * @param index its index in the list of all targets of the table
     * @param rule the rule's name, or {@link #UNMATCHED} or {@link #MALFORMED}
     * @param target the target's name
     * @param logstore the logstore that the rule names outright, for a target by template; null when the target decides
     */
    public record RuleTarget(
            int index, String rule, String target, @Nullable String logstore) {

        /** Replaces the rule name when no rule matched. No rule can have this name. */
        public static final String UNMATCHED = "(unmatched)";

        /** Replaces the rule name when the group is malformed. No rule can have this name. */
        public static final String MALFORMED = "(malformed)";
    }

    public Decision {
        targets = List.copyOf(targets);
    }
}
