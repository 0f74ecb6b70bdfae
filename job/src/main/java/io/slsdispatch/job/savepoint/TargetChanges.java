package io.slsdispatch.job.savepoint;

import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.config.JobConfig.Destination;
import io.slsdispatch.job.rules.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Differences between the targets of two configurations. The name identifies a target, as it identifies its operator in
 * Flink; a target with another name and the same logstore counts as renamed.
 *
 * @param added only in the new one
 * @param removed only in the old one
 * @param renamed old and new targets with the same logstore
 * @param changed old and new targets with the same name, but other settings or another logstore
 */
public record TargetChanges(
        List<Destination> added, List<Destination> removed, List<Pair> renamed, List<Pair> changed) {

    /** A target before and after. */
    public record Pair(Destination before, Destination after) {

        public boolean isSameLogstore() {
            return place(before).equals(place(after));
        }
    }

    public static TargetChanges between(JobConfig before, JobConfig after) {
        Map<String, Destination> left = new LinkedHashMap<>();
        before.destinations().forEach(target -> left.put(target.name(), target));
        List<Destination> added = new ArrayList<>();
        List<Pair> renamed = new ArrayList<>();
        List<Pair> changed = new ArrayList<>();
        List<Destination> unknown = new ArrayList<>();
        for (Destination target : after.destinations()) {
            Destination old = left.remove(target.name());
            if (old == null) {
                unknown.add(target);
            } else if (!old.equals(target)) {
                changed.add(new Pair(old, target));
            }
        }
        for (Destination target : unknown) {
            Optional<Destination> old = left.values().stream()
                    .filter(candidate -> place(candidate).equals(place(target)))
                    .findFirst();
            old.ifPresentOrElse(
                    found -> {
                        left.remove(found.name());
                        renamed.add(new Pair(found, target));
                    },
                    () -> added.add(target));
        }
        return new TargetChanges(added, List.copyOf(left.values()), renamed, changed);
    }

    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && renamed.isEmpty() && changed.isEmpty();
    }

    /** The rules of the old configuration, with target names replaced by those in the new one. */
    public List<Rule> underNewNames(List<Rule> rules) {
        Map<String, String> names = new HashMap<>();
        renamed.forEach(pair -> names.put(pair.before().name(), pair.after().name()));
        return rules.stream()
                .map(rule -> rule.withTargets(rule.targets().stream()
                        .map(target -> names.getOrDefault(target, target))
                        .toList()))
                .toList();
    }

    /** The logstore with its endpoint, because project names are unique only within a region. */
    public static String place(Destination target) {
        return target.logstoreText() + " at " + target.connection().endpoint();
    }
}
