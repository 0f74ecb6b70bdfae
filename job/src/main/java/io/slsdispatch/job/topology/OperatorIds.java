package io.slsdispatch.job.topology;

import java.util.Map;

/**
 * The ids by which savepoints know the operators. Changing one makes savepoints unreadable: it is a breaking change of
 * the product.
 */
final class OperatorIds {

    static final String SOURCE = "sls-source";

    static final String DISPATCH = "dispatch";

    /** What Flink makes of those ids in savepoints; of the targets', it depends on their names. */
    private static final Map<String, String> UIDS =
            Map.of("af8b2ae93b1a03d9b6fa7e2ab963fd3a", SOURCE, "1b45b7295be7c3a39fc9bb0537e3bd1c", DISPATCH);

    private OperatorIds() {}

    /** The sink of the target with this name. */
    static String target(String name) {
        return "target-" + name;
    }

    /** The id that Flink made this of, where it is one of those here; else the given one. */
    static String uidOf(String inSavepoint) {
        return UIDS.getOrDefault(inSavepoint, inSavepoint);
    }
}
