package io.slsdispatch.job.plan;

import io.slsdispatch.job.config.EffectiveOptions;
import io.slsdispatch.job.config.options.JobOptions;
import io.slsdispatch.job.config.options.SourceOptions;
import io.slsdispatch.job.config.options.TargetOptions;
import io.slsdispatch.job.rules.RuleOptions;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.yaml.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings that two configurations have with different values. Values are compared with defaults and inherited
 * values, so a setting that moved from a target to {@code defaults} is no change. Targets that only one of them has are
 * not compared.
 */
final class SettingChanges {

    /** A change of one option with the texts of its values; several targets can have the same. */
    private record Same(Option<?> option, String before, String after) {}

    private final SettingEffects effects = new SettingEffects();
    private final List<SettingChange> changes = new ArrayList<>();

    private SettingChanges() {}

    /** @param names the targets of both configurations: the name before, and the name after */
    static List<SettingChange> between(
            EffectiveOptions before,
            RuleTable rulesBefore,
            EffectiveOptions after,
            RuleTable rulesAfter,
            Map<String, String> names) {
        SettingChanges all = new SettingChanges();
        all.compare("", JobOptions.OWN, before.top(), after.top());
        all.compare("", RuleOptions.FILE, defaults(rulesBefore), defaults(rulesAfter));
        all.compare("source.", SourceOptions.ALL, before.source(), after.source());
        all.compareTargets(before.targets(), after.targets(), names);
        return List.copyOf(all.changes);
    }

    private static Map<Option<?>, Object> defaults(RuleTable rules) {
        return Map.of(
                RuleOptions.DEFAULT_ROUTE,
                rules.unmatched().toString(),
                RuleOptions.ON_MALFORMED,
                rules.malformed().toString());
    }

    private void compare(
            String prefix, List<Option<?>> options, Map<Option<?>, Object> before, Map<Option<?>, Object> after) {
        for (Option<?> option : options) {
            if (!Objects.equals(before.get(option), after.get(option))) {
                Same change = texts(option, before.get(option), after.get(option));
                String key = prefix + option.key();
                changes.add(new SettingChange(
                        key,
                        List.of(),
                        false,
                        change.before,
                        change.after,
                        effects.of(option, before.get(option), after.get(option), after, key)));
            }
        }
    }

    private void compareTargets(
            Map<String, Map<Option<?>, Object>> before,
            Map<String, Map<Option<?>, Object>> after,
            Map<String, String> names) {
        for (Option<?> option : TargetOptions.ALL_WITH_TEMPLATES) {
            Map<Same, List<String>> targets = new LinkedHashMap<>();
            Map<Same, String> beforeOf = new LinkedHashMap<>();
            names.forEach((oldName, newName) -> {
                Object old = value(option, oldName, before);
                Object now = value(option, newName, after);
                if (!Objects.equals(old, now)) {
                    Same change = texts(option, old, now);
                    targets.computeIfAbsent(change, key -> new ArrayList<>()).add(newName);
                    beforeOf.putIfAbsent(change, oldName);
                }
            });
            targets.forEach((change, where) -> {
                Object old = value(option, beforeOf.get(change), before);
                boolean every = where.size() > 1 && where.size() == names.size();
                Map<Option<?>, Object> section = after.getOrDefault(where.get(0), Map.of());
                String key = "targets[]." + option.key();
                String subject = option.key() + " of " + SettingChange.where(where, every);
                Object now = value(option, where.get(0), after);
                changes.add(new SettingChange(
                        key,
                        where,
                        every,
                        change.before,
                        change.after,
                        effects.of(option, old, now, section, subject)));
            });
        }
    }

    /** The name counts as set even when it is that of the logstore. */
    private static @Nullable Object value(
            Option<?> option, @Nullable String target, Map<String, Map<Option<?>, Object>> options) {
        return option == TargetOptions.NAME
                ? target
                : options.getOrDefault(target, Map.of()).get(option);
    }

    private static Same texts(Option<?> option, @Nullable Object before, @Nullable Object after) {
        String old = SettingText.of(option, before);
        String now = SettingText.of(option, after);
        return new Same(option, old, old.equals(now) ? now + " (differs in a part that is not shown)" : now);
    }
}
