package io.slsdispatch.job.routing;

/**
 * One way that groups can go: from a rule to a target.
 *
 * @param index its place in {@link Router#deliveries()}
 * @param rule the rule's name, or {@link #UNMATCHED} or {@link #MALFORMED}
 * @param target the target's name
 */
public record Delivery(int index, String rule, String target) {

    /** Stands for a rule where no rule matched. No rule can have this name. */
    public static final String UNMATCHED = "(unmatched)";

    /** Stands for a rule where the group could not be walked. No rule can have this name. */
    public static final String MALFORMED = "(malformed)";
}
