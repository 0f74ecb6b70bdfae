package io.slsdispatch.job.savepoint;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The ids by which savepoints know the operators. Changing one makes savepoints unreadable: it is a breaking change of
 * the product.
 */
public final class OperatorIds {

    public static final String SOURCE = "sls-source";

    public static final String DISPATCH = "dispatch";

    private OperatorIds() {}

    /** The sink of the target with this name. */
    public static String target(String name) {
        return "target-" + name;
    }

    /** The id that Flink made this hash of; empty when it is none of those here, nor of the sink of one of these targets. */
    static Optional<String> ofHash(String hash, Collection<String> targets) {
        return Stream.concat(Stream.of(SOURCE, DISPATCH), targets.stream().map(OperatorIds::target))
                .filter(uid -> UidHash.of(uid).equals(hash))
                .findFirst();
    }
}
