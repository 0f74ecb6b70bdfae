package io.slsdispatch.job.savepoint;

import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.config.JobConfig.Target;
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
public record TargetChanges(List<Target> added, List<Target> removed, List<Pair> renamed, List<Pair> changed) {

    /** A target before and after. */
    public record Pair(Target before, Target after) {

        public boolean isSameLogstore() {
            return place(before).equals(place(after));
        }
    }

    public static TargetChanges between(JobConfig before, JobConfig after) {
        Map<String, Target> left = new LinkedHashMap<>();
        before.targets().forEach(target -> left.put(target.name(), target));
        List<Target> added = new ArrayList<>();
        List<Pair> renamed = new ArrayList<>();
        List<Pair> changed = new ArrayList<>();
        List<Target> unknown = new ArrayList<>();
        for (Target target : after.targets()) {
            Target old = left.remove(target.name());
            if (old == null) {
                unknown.add(target);
            } else if (!old.equals(target)) {
                changed.add(new Pair(old, target));
            }
        }
        for (Target target : unknown) {
            Optional<Target> old = left.values().stream()
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
                .map(rule -> new Rule(
                        rule.name(),
                        rule.topic(),
                        rule.source(),
                        rule.tags(),
                        rule.targets().stream()
                                .map(target -> names.getOrDefault(target, target))
                                .toList(),
                        rule.continues()))
                .toList();
    }

    /** The logstore with its endpoint, because project names are unique only within a region. */
    public static String place(Target target) {
        return target.config().logstore() + " at " + target.connection().endpoint();
    }
}
