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

    public Decision {
        targets = List.copyOf(targets);
    }
}
