package io.slsdispatch.job.rules;

import java.util.List;

/**
 * What happens to a group.
 *
 * @param fate whether it is delivered, and if not why
 * @param targets where to; empty unless the fate is {@link Fate#DELIVERED}
 */
public record Decision(Fate fate, List<RuleTarget> targets) {

    /** What becomes of a group. */
    public enum Fate {
        /** A rule matched: to its targets. */
        DELIVERED,
        /** No rule matched, and a target takes what is left. */
        UNMATCHED_DELIVERED,
        /** No rule matched: dropped, as the configuration says. */
        UNMATCHED_DROPPED,
        /** No rule matched, and the configuration says that this must not happen. */
        UNMATCHED_FAILED,
        /** A rule matched that says to drop. */
        DROPPED
    }

    /**
     * A target that a rule names: one of the ways that a group can take.
     *
     * @param index its place in the list of all targets of the table
     * @param rule the rule's name, or {@link #UNMATCHED} or {@link #MALFORMED}
     * @param target the target's name
     */
    public record RuleTarget(int index, String rule, String target) {

        /** Stands for a rule where no rule matched. No rule can have this name. */
        public static final String UNMATCHED = "(unmatched)";

        /** Stands for a rule where the group could not be walked. No rule can have this name. */
        public static final String MALFORMED = "(malformed)";
    }

    public Decision {
        targets = List.copyOf(targets);
    }
}
