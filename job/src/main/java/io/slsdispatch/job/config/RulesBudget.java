package io.slsdispatch.job.config;

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

    /** Takes so many elements for what is at a place. When there are not as many left, that is a mistake there. */
    boolean take(int elements, Place place, Mistakes mistakes) {
        taken += elements;
        if (isSpent()) {
            mistakes.add(
                    place,
                    "Up to here the conditions of all rules have more than " + MAX_ELEMENTS
                            + " elements, with the repeats of expressions written out.",
                    "Repeat less, or write fewer conditions.");
        }
        return !isSpent();
    }

    /** Whether more was asked for than there was, which is among the mistakes already. */
    boolean isSpent() {
        return taken > MAX_ELEMENTS;
    }
}
