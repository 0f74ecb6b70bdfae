package io.slsdispatch.job.topology;

/**
 * The ids by which savepoints know the operators. Changing one makes savepoints unreadable: it is a breaking change of
 * the product.
 */
final class OperatorIds {

    static final String SOURCE = "sls-source";

    static final String DISPATCH = "dispatch";

    private OperatorIds() {}

    /** The sink of the target with this name. */
    static String target(String name) {
        return "target-" + name;
    }
}
