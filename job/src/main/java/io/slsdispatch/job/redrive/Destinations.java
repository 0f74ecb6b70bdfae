package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.job.config.JobConfig.Target;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where dead letters belong. Usually the target with the logstore that the letter was for, also when it has another name
 * now; else the one with the name that it was for, also when that is another logstore now. Logstores of equal project and
 * name, which the configuration tells apart, are two.
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
        List<Target> equalNames = ofEqualNames(letter);
        List<Target> same = equalNames.stream()
                .filter(target -> target.config().scopeText().equals(letter.scope()))
                .toList();
        List<Target> maybeSame = equalNames.stream()
                .filter(target ->
                        letter.scope().isEmpty() || target.config().scopeText().isEmpty())
                .toList();
        List<Target> candidates = same.size() == 1 ? same : maybeSame;
        return candidates.size() == 1
                ? Optional.of(candidates.get(0))
                : named(letter.target(), candidates).or(() -> named(letter.target(), targets));
    }

    /**
     * By which id a letter is known. Letters of earlier builds do not say for which of several logstores of equal project
     * and name they are, so that their ids are the same; there the name of the target tells them apart, which is all that
     * they have.
     */
    String idOf(DeadLetter letter) {
        List<Target> equalNames = ofEqualNames(letter);
        if (!letter.hasOlderId() || equalNames.size() < 2) {
            return letter.id();
        }
        return letter.renewed(named(letter.target(), equalNames)
                        .map(target -> target.config().scopeText())
                        .orElse("target:" + letter.target()))
                .id();
    }

    private List<Target> ofEqualNames(DeadLetter letter) {
        return targets.stream()
                .filter(target -> target.config().logstore().equals(letter.logstore()))
                .toList();
    }

    private static Optional<Target> named(String name, List<Target> among) {
        return among.stream().filter(target -> target.name().equals(name)).findFirst();
    }
}
