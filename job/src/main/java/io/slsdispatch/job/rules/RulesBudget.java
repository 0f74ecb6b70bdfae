package io.slsdispatch.job.rules;

import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.ReadContext;
import io.slsdispatch.job.yaml.SourceLocation;

/**
 * What all conditions of a set of rules may hold together. Each has its own limits; but a file of a megabyte has room for
 * tens of thousands of the largest, and anchors repeat them.
 */
final class RulesBudget {

    /** Far above what people write: ten thousand expressions of fifty characters. Some 60 bytes each. */
    static final int MAX_ELEMENTS = 500_000;

    /** Far above what people write. */
    static final int MAX_RULES = 10_000;

    private long taken;

    /** The one of the rules that are read. */
    static RulesBudget of(ReadContext context) {
        return context.shared(RulesBudget.class, RulesBudget::new);
    }

    /** Takes so many elements for what is at a location. When there are not as many left, that is an error there. */
    boolean take(int elements, SourceLocation location, ConfigErrors errors) {
        taken += elements;
        if (isSpent()) {
            errors.add(
                    location,
                    "Up to here the conditions of all rules have more than " + MAX_ELEMENTS
                            + " elements, with the repeats of expressions written out.",
                    "Repeat less, or write fewer conditions.");
        }
        return !isSpent();
    }

    /** Whether more was asked for than there was, which is among the errors already. */
    boolean isSpent() {
        return taken > MAX_ELEMENTS;
    }
}
