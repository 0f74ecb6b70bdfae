package io.slsdispatch.job.plan;

import java.util.List;

/**
 * A setting with another value.
 *
 * @param key of the option with its section, such as {@code source.start} or {@code targets[].on-outage}
 * @param targets the names of the targets with this change, in the new configuration; empty outside of targets
 * @param everyTarget whether all targets that both configurations have, and more than one, have this change
 * @param before the value before, as text
 * @param after the value after, as text
 * @param effects what it can do to data, the worst first
 */
public record SettingChange(
        String key, List<String> targets, boolean everyTarget, String before, String after, List<Effect> effects) {

    private static final int MOST_NAMES = 3;

    public SettingChange {
        targets = List.copyOf(targets);
        effects = List.copyOf(effects);
    }

    /** The targets on one line; empty outside of targets. */
    public String where() {
        return where(targets, everyTarget);
    }

    static String where(List<String> targets, boolean everyTarget) {
        if (everyTarget) {
            return "all " + targets.size() + " targets";
        }
        int more = targets.size() - MOST_NAMES;
        return more <= 1
                ? String.join(", ", targets)
                : String.join(", ", targets.subList(0, MOST_NAMES)) + " and " + more + " more";
    }
}
