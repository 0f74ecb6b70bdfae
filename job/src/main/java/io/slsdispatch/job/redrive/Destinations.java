package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.job.config.JobConfig.Target;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where dead letters belong. Usually the target with the logstore that the letter was for, also when it has another name
 * now; else the one with the name that it was for, also when that is another logstore now.
 */
public final class Destinations {

    private final List<Target> targets;
    private final @Nullable Target all;

    /**
     * @param targets of the configuration
     * @param all takes every letter, whatever it was for; null for none
     */
    public Destinations(List<Target> targets, @Nullable Target all) {
        this.targets = List.copyOf(targets);
        this.all = all;
    }

    /** The target of a letter; empty when the configuration has none for it. */
    Optional<Target> of(DeadLetter letter) {
        if (all != null) {
            return Optional.of(all);
        }
        List<Target> sameLogstore = targets.stream()
                .filter(target -> target.config().logstore().equals(letter.logstore()))
                .toList();
        // There may be two, in two regions.
        return sameLogstore.size() == 1
                ? Optional.of(sameLogstore.get(0))
                : named(letter.target(), sameLogstore).or(() -> named(letter.target(), targets));
    }

    private static Optional<Target> named(String name, List<Target> among) {
        return among.stream().filter(target -> target.name().equals(name)).findFirst();
    }
}
