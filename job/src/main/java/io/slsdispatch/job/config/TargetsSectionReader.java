package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.config.JobConfig.Template;
import io.slsdispatch.job.config.options.ConnectionOptions;
import io.slsdispatch.job.config.options.TargetOptions;
import io.slsdispatch.job.config.options.TemplateOptions;
import io.slsdispatch.job.rules.RulesReader;
import io.slsdispatch.job.rules.RulesUpdates;
import io.slsdispatch.job.template.KnownTargets;
import io.slsdispatch.job.template.NameTemplate;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.ConfigNode;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ReadContext;
import io.slsdispatch.job.yaml.SectionReader;
import io.slsdispatch.job.yaml.SectionValues;
import io.slsdispatch.job.yaml.SourceLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reader of the sections {@code targets} and {@code defaults}. A target inherits the options that it does not set from
 * the defaults. Connection options that the defaults do not set either are inherited from the source. A target with its
 * own endpoint inherits only project and credentials from the source, because region, proxy and similar options belong
 * to the endpoint.
 *
 * <p>Targets by template are read last: what they may write depends on what all others use.
 */
final class TargetsSectionReader {

    /** The values of a target by template: those of its own section, and with those that it inherits. */
    private record TemplateSection(SectionValues own, SectionValues values) {}

    private final ReadContext context;
    private final ConfigErrors errors;
    private final SectionValues source;
    private final Map<String, SourceLocation> names = new LinkedHashMap<>();
    private final LogstoreConflicts conflicts;
    private final List<TemplateSection> templateSections = new ArrayList<>();
    private final Map<String, Map<Option<?>, Object>> options = new LinkedHashMap<>();

    TargetsSectionReader(ReadContext context, SectionValues source) {
        this.context = context;
        this.errors = context.errors();
        this.source = source;
        this.conflicts = new LogstoreConflicts(errors, source);
    }

    /** The targets without errors, except those by template. */
    List<Target> targets(@Nullable ConfigNode defaultsSection, List<ConfigNode> sections) {
        SectionValues defaults = defaultsSection == null
                ? SectionValues.at(new SourceLocation("defaults", ""))
                : SectionReader.read(defaultsSection, TargetOptions.DEFAULTS, context);
        List<Target> targets = new ArrayList<>();
        for (ConfigNode section : sections) {
            SectionValues own = SectionReader.read(section, TargetOptions.ALL_WITH_TEMPLATES, context);
            SectionValues values = inheriting(own, defaults);
            checkLevel(own, values);
            String logstore = values.find(TargetOptions.LOGSTORE);
            if (logstore != null && NameTemplate.isTemplate(logstore)) {
                takeName(values);
                templateSections.add(new TemplateSection(own, values));
            } else {
                Target target = target(own, values);
                if (target != null) {
                    targets.add(target);
                }
            }
        }
        return targets;
    }

    /**
     * The targets by template without errors.
     *
     * @param targets the other targets, to which they can send log groups
     */
    List<Template> templates(List<Target> targets, Optional<RulesUpdates> rules) {
        rules.flatMap(updates -> updates.location().logstore())
                .ifPresent(place -> conflicts.useForRules(place.logstore()));
        templateSections.forEach(section -> conflicts.useForDeadLetters(section.values));
        TemplateSectionReader reader = new TemplateSectionReader(errors, names(), targets, conflicts);
        List<Template> templates = new ArrayList<>();
        for (TemplateSection section : templateSections) {
            Template template = reader.template(section.own, section.values);
            if (template != null) {
                options.put(template.name(), EffectiveOptions.of(section.values, TargetOptions.ALL_WITH_TEMPLATES));
                templates.add(template);
            }
        }
        return templates;
    }

    /**
     * The targets as rules know them, including those with errors. What rules say about a target by template with errors
     * is not checked: the errors of the target come first.
     */
    RulesReader.Targets known(List<Template> templates) {
        Set<String> broken = new LinkedHashSet<>();
        templateSections.forEach(section -> {
            String name = section.values.find(TargetOptions.NAME);
            if (name != null) {
                broken.add(name);
            }
        });
        templates.forEach(template -> broken.remove(template.name()));
        KnownTargets known = JobConfig.known(names(), templates);
        return broken.isEmpty() ? known : new Unchecked(known, broken);
    }

    private record Unchecked(KnownTargets known, Set<String> broken) implements RulesReader.Targets {

        @Override
        public Set<String> names() {
            return known.names();
        }

        @Override
        public Optional<String> refusal(String target, String logstore) {
            return broken.contains(target) ? Optional.empty() : known.refusal(target, logstore);
        }
    }

    /** The names of all targets, including those with errors. */
    Set<String> names() {
        return new LinkedHashSet<>(names.keySet());
    }

    /** The value of each option of the targets without errors, by their names. */
    Map<String, Map<Option<?>, Object>> options() {
        return options;
    }

    private SectionValues inheriting(SectionValues own, SectionValues defaults) {
        SectionValues values = own.inheriting(defaults);
        boolean ownEndpoint = values.has(ConnectionOptions.ENDPOINT);
        return values.inheriting(source.only(
                ownEndpoint
                        ? List.of(ConnectionOptions.PROJECT, ConnectionOptions.CREDENTIALS)
                        : ConnectionOptions.ALL));
    }

    private @Nullable Target target(SectionValues own, SectionValues values) {
        values.require(List.of(TargetOptions.LOGSTORE), errors);
        takeName(values);
        conflicts.add(values);
        for (Option<?> option : TemplateOptions.ALL) {
            if (own.has(option)) {
                errors.add(
                        own.locationOf(option),
                        "It applies only to a target by template.",
                        "Remove it, or set 'logstore' to a template, such as '{topic}-logs'.");
            }
        }
        List<Option<?>> users = Stream.of(TargetOptions.ON_REJECT, TargetOptions.ON_OUTAGE)
                .filter(option ->
                        values.find(option) == OnReject.DEAD_LETTER || values.find(option) == OnOutage.DEAD_LETTER)
                .<Option<?>>map(option -> option)
                .toList();
        if (own.has(TargetOptions.DEAD_LETTER_LOGSTORE) && users.isEmpty()) {
            errors.add(
                    own.locationOf(TargetOptions.DEAD_LETTER_LOGSTORE),
                    "It applies only with 'on-reject: dead-letter' or 'on-outage: dead-letter'.",
                    "Set one of these, or remove this.");
        }
        Target target = build(values, users);
        if (target != null) {
            options.put(target.name(), EffectiveOptions.of(values, TargetOptions.ALL));
        }
        return target;
    }

    private void takeName(SectionValues values) {
        Option<String> option = values.has(TargetOptions.NAME) ? TargetOptions.NAME : TargetOptions.LOGSTORE;
        String name = values.find(option);
        if (name == null || NameTemplate.isTemplate(name)) {
            return;
        }
        if (TargetOptions.isReserved(name)) {
            errors.add(
                    values.locationOf(option),
                    name,
                    "Without 'name', the target has the name of its logstore, but '" + name + "' is reserved.",
                    "Set a 'name' for the target.");
            return;
        }
        SourceLocation first = names.putIfAbsent(name, values.locationOf(option));
        if (first != null) {
            errors.add(
                    values.locationOf(option),
                    name,
                    "Another target already has this name, at " + first.where() + ".",
                    "Give each target a unique name.");
        }
    }

    private @Nullable Target build(SectionValues values, List<Option<?>> usersOfDeadLetters) {
        TargetSettings settings = new TargetSettings(values, errors);
        RetryPolicy retry = settings.retry();
        ConnectionConfig connection = settings.connection();
        return errors.build(values.location(), () -> {
            LogstoreId logstore =
                    new LogstoreId(values.get(ConnectionOptions.PROJECT), values.get(TargetOptions.LOGSTORE));
            String name = values.getOrNull(TargetOptions.NAME);
            SinkConfig sink = SinkConfig.builder(name == null ? logstore.logstore() : name, logstore)
                    .scope(ConfigErrors.need(LogstoreConflicts.scope(values)))
                    .delivery(settings.delivery())
                    .retry(ConfigErrors.need(retry))
                    .onReject(values.get(TargetOptions.ON_REJECT))
                    .outage(settings.outage())
                    .deadLetters(settings.deadLetters(usersOfDeadLetters))
                    .build();
            return new Target(ConfigErrors.need(connection), sink);
        });
    }

    private void checkLevel(SectionValues own, SectionValues values) {
        if (own.has(TargetOptions.COMPRESSION_LEVEL) && values.find(TargetOptions.COMPRESSION) == Compression.LZ4) {
            errors.add(
                    own.locationOf(TargetOptions.COMPRESSION_LEVEL),
                    "It applies only with 'compression: zstd'.",
                    "Set 'compression: zstd', or remove this.");
        }
    }
}
