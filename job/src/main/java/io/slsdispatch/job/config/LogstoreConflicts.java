package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.LogstoreScope;
import io.slsdispatch.connector.config.NamePatterns;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.JobConfig.Source;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.config.options.ConnectionOptions;
import io.slsdispatch.job.config.options.SourceOptions;
import io.slsdispatch.job.config.options.TargetOptions;
import io.slsdispatch.job.config.options.TemplateOptions;
import io.slsdispatch.job.template.AllowedNames;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.SectionValues;
import io.slsdispatch.job.yaml.SourceLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Check for logstores that a configuration uses twice: as source and target, as two targets, or also for its rules. */
final class LogstoreConflicts {

    private static final String ONE_LOGSTORE =
            "Equal project and logstore names mean the same logstore at any address, unless both"
                    + " regions are known and differ.";

    private static final String DEAD_LETTERS_IN_SOURCE =
            "The dead-letter logstore is the source: the job would read its own output in an endless loop.";

    private static final String TWO_LOGSTORES =
            "If they are different logstores, set the 'region' of both, or 'distinct-logstore: true' for the target.";

    /** A logstore in use, and the location that names it. */
    private record Taken(LogstoreId logstore, LogstoreScope scope, SourceLocation location) {

        boolean isSameAs(Taken other) {
            return logstore.equals(other.logstore) && scope.isOneWith(other.scope);
        }
    }

    /** A use of a logstore, in words. */
    private record Use(LogstoreId logstore, LogstoreScope scope, String text) {}

    /** The logstores of a target by template. */
    private record Allowed(String project, LogstoreScope scope, NamePatterns names, SourceLocation location) {}

    private final ConfigErrors errors;
    private final SectionValues source;
    private final List<Taken> taken = new ArrayList<>();
    private final List<Use> uses = new ArrayList<>();
    private final List<Allowed> allowed = new ArrayList<>();

    /**
     * @param source the values of the source
     */
    LogstoreConflicts(ConfigErrors errors, SectionValues source) {
        this.errors = errors;
        this.source = source;
    }

    /** Adds a target, and refuses it when its logstore or its dead-letter logstore is already in use. */
    void add(SectionValues values) {
        String project = values.find(ConnectionOptions.PROJECT);
        String logstore = values.find(TargetOptions.LOGSTORE);
        if (project == null || logstore == null) {
            return;
        }
        LogstoreId id = new LogstoreId(project, logstore);
        LogstoreScope scope = scope(values);
        if (scope == null) {
            return;
        }
        Taken target = new Taken(id, scope, values.locationOf(TargetOptions.LOGSTORE));
        refuseSource(target, "The target is the source: the job would read its own output in an endless loop.");
        taken.stream().filter(target::isSameAs).findFirst().ifPresent(first -> {
            String problem = "Another target already writes to this logstore, at " + first.location.where() + ".";
            refuse(target, first, problem, "Keep one of them; several rules can use it.");
        });
        taken.add(target);
        uses.add(new Use(id, scope, "that of target '" + name(values, logstore) + "'"));
        useForDeadLetters(values);

        String deadLetter = values.find(TargetOptions.DEAD_LETTER_LOGSTORE);
        if (deadLetter != null) {
            refuseSource(
                    new Taken(
                            deadLetterId(values, deadLetter, id),
                            scope,
                            values.locationOf(TargetOptions.DEAD_LETTER_LOGSTORE)),
                    DEAD_LETTERS_IN_SOURCE);
        }
    }

    private static String name(SectionValues values, String otherwise) {
        String name = values.find(TargetOptions.NAME);
        return name == null ? otherwise : name;
    }

    /** Notes the dead-letter logstore of a target, for {@link #usesIn}. */
    void useForDeadLetters(SectionValues values) {
        String project = values.find(TargetOptions.DEAD_LETTER_PROJECT);
        String inProject = project == null ? values.find(ConnectionOptions.PROJECT) : project;
        String logstore = values.find(TargetOptions.DEAD_LETTER_LOGSTORE);
        LogstoreScope scope = scope(values);
        if (inProject != null && logstore != null && scope != null) {
            uses.add(new Use(new LogstoreId(inProject, logstore), scope, "a dead-letter logstore"));
        }
    }

    /** Notes the rules logstore, for {@link #usesIn}; it is at the source's endpoint. */
    void useForRules(LogstoreId rules) {
        LogstoreScope scope = scope(source);
        if (scope != null) {
            uses.add(new Use(rules, scope, "the rules logstore"));
        }
    }

    /** Adds a target by template, and refuses it when another one may write the same logstores. */
    void addTemplate(SectionValues values, NamePatterns names) {
        String project = values.find(ConnectionOptions.PROJECT);
        LogstoreScope scope = scope(values);
        if (project == null || scope == null) {
            return;
        }
        SourceLocation location = values.locationOf(TemplateOptions.ALLOW);
        for (Allowed other : allowed) {
            if (other.project.equals(project)
                    && other.scope.isOneWith(scope)
                    && AllowedNames.overlap(other.names, names)) {
                errors.add(
                        location,
                        String.join(", ", names.patterns()),
                        "Another target may write some of these logstores, at " + other.location.where() + ".",
                        "Give each target patterns of its own, or use one target; rules can name its logstores.");
            }
        }
        allowed.add(new Allowed(project, scope, names, location));
        String deadLetters = values.find(TargetOptions.DEAD_LETTER_LOGSTORE);
        if (deadLetters != null) {
            String inProject = values.find(TargetOptions.DEAD_LETTER_PROJECT);
            refuseSource(
                    new Taken(
                            new LogstoreId(inProject == null ? project : inProject, deadLetters),
                            scope,
                            values.locationOf(TargetOptions.DEAD_LETTER_LOGSTORE)),
                    DEAD_LETTERS_IN_SOURCE);
        }
    }

    /**
     * The names of logstores of a project that the job uses, and for what: as source, target, for dead letters or
     * rules. A target by template must not write them.
     */
    Map<String, String> usesIn(String project, LogstoreScope scope) {
        Map<String, String> names = new TreeMap<>();
        String read = source.find(SourceOptions.LOGSTORE);
        String of = source.find(ConnectionOptions.PROJECT);
        LogstoreScope sourceScope = scope(source);
        if (project.equals(of) && read != null && sourceScope != null && sourceScope.isOneWith(scope)) {
            names.put(read, "the source");
        }
        for (Use use : uses) {
            if (use.logstore.project().equals(project) && use.scope.isOneWith(scope)) {
                names.putIfAbsent(use.logstore.logstore(), use.text);
            }
        }
        return names;
    }

    private void refuseSource(Taken target, String problem) {
        String project = source.find(ConnectionOptions.PROJECT);
        String logstore = source.find(SourceOptions.LOGSTORE);
        LogstoreScope scope = scope(source);
        if (project != null && logstore != null && scope != null) {
            Taken read = new Taken(new LogstoreId(project, logstore), scope, source.location());
            if (target.isSameAs(read)) {
                refuse(target, read, problem, "Choose another logstore.");
            }
        }
    }

    private void refuse(Taken target, Taken other, String problem, String hint) {
        boolean mayBeTwo = target.scope.mayBeSaidToBeDistinctFrom(other.scope);
        refuse(target.location, target.logstore, mayBeTwo, problem, hint);
    }

    private void refuse(SourceLocation location, LogstoreId logstore, boolean mayBeTwo, String problem, String hint) {
        errors.add(
                location,
                logstore.toString(),
                problem + (mayBeTwo ? " " + ONE_LOGSTORE : ""),
                hint + (mayBeTwo ? " " + TWO_LOGSTORES : ""));
    }

    /** The scope of a logstore; null when the endpoint is missing or invalid. */
    static @Nullable LogstoreScope scope(SectionValues values) {
        Endpoint endpoint = values.find(ConnectionOptions.ENDPOINT);
        boolean isDistinct = Boolean.TRUE.equals(values.find(TargetOptions.DISTINCT_LOGSTORE));
        return endpoint == null ? null : LogstoreScope.of(endpoint, values.find(ConnectionOptions.REGION), isDistinct);
    }

    static LogstoreId deadLetterId(SectionValues values, String logstore, LogstoreId target) {
        String project = values.find(TargetOptions.DEAD_LETTER_PROJECT);
        return new LogstoreId(project == null ? target.project() : project, logstore);
    }

    /** Refuses a rules logstore that is also the source or a target. */
    void refuseRules(LogstoreId rules, SourceLocation location, @Nullable Source read, List<Target> targets) {
        LogstoreScope scope = scope(source);
        boolean isSource = read != null && read.config().logstore().equals(rules);
        boolean mayBeTwo = !isSource;
        boolean isTaken = isSource;
        for (Target target : targets) {
            LogstoreScope other = target.config().scope();
            if (scope != null && other != null && target.config().logstore().equals(rules) && scope.isOneWith(other)) {
                isTaken = true;
                mayBeTwo &= scope.mayBeSaidToBeDistinctFrom(other);
            }
        }
        if (isTaken) {
            refuse(
                    location,
                    rules,
                    mayBeTwo,
                    "The logstore of the rules is also the source or a target of this job.",
                    "Use a separate logstore for the rules.");
        }
    }
}
