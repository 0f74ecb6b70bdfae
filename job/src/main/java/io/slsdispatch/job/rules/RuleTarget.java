package io.slsdispatch.job.rules;

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
