package io.slsdispatch.job.template;

import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.rules.RulesReader;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The targets of a job.
 *
 * @param names of all targets
 * @param templates the targets by template, by their names
 */
public record KnownTargets(Set<String> names, Map<String, Template> templates) implements RulesReader.Targets {

    /**
     * A target by template.
     *
     * @param names the names of its logstores
     * @param whenInvalid what the dispatcher does with a group without a valid name; null when the sink decides
     */
    public record Template(LogstoreNames names, @Nullable DefaultRule whenInvalid) implements Serializable {}

    public KnownTargets {
        names = new LinkedHashSet<>(names);
        templates = new LinkedHashMap<>(templates);
    }

    /** Targets that all have a logstore of their own. */
    public static KnownTargets named(String... names) {
        return new KnownTargets(Set.of(names), Map.of());
    }

    @Override
    public Optional<String> refusal(String target, String logstore) {
        Template template = templates.get(target);
        if (template == null) {
            return Optional.of("'" + target + "' has a logstore of its own, so 'logstore' does not apply to it");
        }
        return Optional.ofNullable(template.names.problemOf(logstore));
    }
}
