package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.job.config.JobConfig.Target;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Destinations of dead letters. Usually the target with the logstore that the dead letter was for, even if the target
 * was renamed; otherwise the target with the name that it was for, even if that has another logstore now. Logstores of
 * equal project and name that the configuration distinguishes count as two.
 */
public final class Destinations {

    private final List<Target> targets;
    private final @Nullable Target all;

    /**
     * @param targets targets of the configuration
     * @param all target of all dead letters, whatever they were for; null for none
     */
    public Destinations(List<Target> targets, @Nullable Target all) {
        this.targets = List.copyOf(targets);
        this.all = all;
    }

    /** The target of a dead letter; empty when the configuration has none for it. */
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
     * The id of a dead letter. Dead letters of earlier builds do not record which of several logstores of equal project
     * and name they are for, so their ids are the same. For these, the name of the target is part of the id: it is the
     * only information that distinguishes them.
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
