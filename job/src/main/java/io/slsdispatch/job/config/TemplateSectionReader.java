package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig.SecondWay;
import io.slsdispatch.connector.config.DynamicSinkConfig.WhenMissing;
import io.slsdispatch.connector.config.LogstoreScope;
import io.slsdispatch.connector.config.NamePatterns;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.config.JobConfig.Template;
import io.slsdispatch.job.config.options.ConnectionOptions;
import io.slsdispatch.job.config.options.TargetOptions;
import io.slsdispatch.job.config.options.TemplateOptions;
import io.slsdispatch.job.rules.RuleOptions;
import io.slsdispatch.job.template.AllowedNames;
import io.slsdispatch.job.template.LogstoreNames;
import io.slsdispatch.job.template.NameTemplate;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.SectionValues;
import io.slsdispatch.job.yaml.Suggestion;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reader of targets by template. */
final class TemplateSectionReader {

    /** These have defaults or can be left out elsewhere; here their consequences are too far-reaching. */
    private static final List<Option<?>> REQUIRED = List.of(
            TargetOptions.NAME,
            TemplateOptions.ALLOW,
            TemplateOptions.WHEN_MISSING,
            TemplateOptions.WHEN_INVALID,
            TargetOptions.ON_REJECT,
            TargetOptions.ON_OUTAGE);

    private final ConfigErrors errors;
    private final Set<String> allNames;
    private final List<Target> targets;
    private final LogstoreConflicts conflicts;

    /**
     * @param allNames names of all targets, including those with errors
     * @param targets the targets with a logstore of their own
     */
    TemplateSectionReader(
            ConfigErrors errors, Set<String> allNames, List<Target> targets, LogstoreConflicts conflicts) {
        this.errors = errors;
        this.allNames = allNames;
        this.targets = targets;
        this.conflicts = conflicts;
    }

    /**
     * The target; null, with errors, when something is missing or invalid.
     *
     * @param own the values of its section
     * @param values the same, and those that it inherits
     */
    @Nullable
    Template template(SectionValues own, SectionValues values) {
        values.require(REQUIRED, errors);
        boolean creates = TemplateOptions.CREATE.equals(values.find(TemplateOptions.WHEN_MISSING));
        checkCreation(own, creates);
        NamePatterns allow = allow(values, creates);
        if (allow != null) {
            conflicts.addTemplate(values, allow);
        }
        List<Option<?>> users = usersOfDeadLetters(values, creates);
        if (own.has(TargetOptions.DEAD_LETTER_LOGSTORE) && users.isEmpty()) {
            errors.add(
                    own.locationOf(TargetOptions.DEAD_LETTER_LOGSTORE),
                    "It applies only if at least one of 'on-reject', 'on-outage', 'when-missing', 'create.on-failure' and"
                            + " 'when-invalid' is 'dead-letter'.",
                    "Set one of these, or remove this.");
        }
        WhenMissing missing = whenMissing(values, creates);
        return build(values, allow, missing, users);
    }

    private @Nullable Template build(
            SectionValues values, @Nullable NamePatterns allow, @Nullable WhenMissing missing, List<Option<?>> users) {
        TargetSettings settings = new TargetSettings(values, errors);
        RetryPolicy retry = settings.retry();
        ConnectionConfig connection = settings.connection();
        SecondWay invalid = secondWay(TemplateOptions.WHEN_INVALID, values);
        return errors.build(values.location(), () -> {
            LogstoreScope scope = ConfigErrors.need(LogstoreConflicts.scope(values));
            DynamicSinkConfig config = new DynamicSinkConfig(
                    values.get(TargetOptions.NAME),
                    values.get(ConnectionOptions.PROJECT),
                    scope,
                    settings.delivery(),
                    ConfigErrors.need(retry),
                    values.get(TargetOptions.ON_REJECT),
                    settings.outage(),
                    settings.deadLetters(users),
                    SinkConfig.DEFAULT_DRAIN,
                    values.get(TemplateOptions.LINGER),
                    values.get(TemplateOptions.MAX_LOGSTORES),
                    ConfigErrors.need(allow),
                    ConfigErrors.need(missing),
                    ConfigErrors.need(invalid),
                    values.get(TemplateOptions.RECREATE_AFTER),
                    DynamicSinkConfig.DEFAULT_CREATE_WITHIN);
            NameTemplate template = NameTemplate.parse(values.get(TargetOptions.LOGSTORE));
            return new Template(
                    ConfigErrors.need(connection),
                    config,
                    new LogstoreNames(template, config.allowed(), conflicts.usesIn(config.project(), scope)));
        });
    }

    private void checkCreation(SectionValues own, boolean creates) {
        if (creates) {
            own.require(List.of(TemplateOptions.CREATE_ON_FAILURE), errors);
            return;
        }
        for (Option<?> option : TemplateOptions.OF_CREATION) {
            if (own.has(option)) {
                errors.add(
                        own.locationOf(option),
                        "It applies only with 'when-missing: create'.",
                        "Set 'when-missing: create', or remove this.");
            }
        }
    }

    private @Nullable NamePatterns allow(SectionValues values, boolean creates) {
        return errors.build(values.locationOf(TemplateOptions.ALLOW), () -> {
            List<String> patterns = values.get(TemplateOptions.ALLOW);
            NamePatterns allow = AllowedNames.of(patterns);
            if (creates && AllowedNames.beginWithWildcard(allow)) {
                errors.add(
                        values.locationOf(TemplateOptions.ALLOW),
                        String.join(", ", patterns),
                        "With 'when-missing: create', no pattern begins with a wildcard: otherwise whoever chooses topics"
                                + " could have any logstore created.",
                        "Begin each pattern with characters of your choice, such as 'app-*'.");
            }
            return allow;
        });
    }

    private @Nullable WhenMissing whenMissing(SectionValues values, boolean creates) {
        SecondWay then = secondWay(creates ? TemplateOptions.CREATE_ON_FAILURE : TemplateOptions.WHEN_MISSING, values);
        if (!creates) {
            return then == null ? null : new WhenMissing(null, then);
        }
        return errors.build(values.locationOf(TemplateOptions.CREATE_MAX_SPLIT_SHARDS), () -> {
            LogstoreSettings settings = new LogstoreSettings(
                    values.get(TemplateOptions.CREATE_SHARDS),
                    Math.toIntExact(values.get(TemplateOptions.CREATE_TTL).get(ChronoUnit.DAYS)),
                    values.get(TemplateOptions.CREATE_AUTO_SPLIT),
                    values.get(TemplateOptions.CREATE_MAX_SPLIT_SHARDS));
            return new WhenMissing(settings, ConfigErrors.need(then));
        });
    }

    /** Where an option sends groups; null, with an error, when it is missing or names no target of its own logstore. */
    private @Nullable SecondWay secondWay(Option<String> option, SectionValues values) {
        String text = values.find(option);
        if (text == null) {
            return null;
        }
        return switch (text) {
            case RuleOptions.FAIL -> SecondWay.FAIL;
            case RuleOptions.DROP -> SecondWay.DROP;
            case TemplateOptions.DEAD_LETTER -> SecondWay.DEAD_LETTER;
            default -> toTarget(text, option, values);
        };
    }

    private @Nullable SecondWay toTarget(String name, Option<String> option, SectionValues values) {
        for (Target target : targets) {
            if (target.name().equals(name)) {
                return SecondWay.to(target.config(), target.connection());
            }
        }
        List<String> possible = targets.stream().map(Target::name).toList();
        if (!allNames.contains(name)) {
            errors.add(
                    values.locationOf(option),
                    name,
                    "Expected " + option.type().expectation() + "; there is no target with this name.",
                    Suggestion.instead(name, possible));
        } else {
            errors.add(
                    values.locationOf(option),
                    name,
                    "This target is by template, or has errors; expected a target with a logstore of its own.",
                    "Choose another target, or 'dead-letter'.");
        }
        return null;
    }

    private static List<Option<?>> usersOfDeadLetters(SectionValues values, boolean creates) {
        List<Option<?>> users = new ArrayList<>();
        if (values.find(TargetOptions.ON_REJECT) == OnReject.DEAD_LETTER) {
            users.add(TargetOptions.ON_REJECT);
        }
        if (values.find(TargetOptions.ON_OUTAGE) == OnOutage.DEAD_LETTER) {
            users.add(TargetOptions.ON_OUTAGE);
        }
        Option<String> missing = creates ? TemplateOptions.CREATE_ON_FAILURE : TemplateOptions.WHEN_MISSING;
        for (Option<String> option : List.of(missing, TemplateOptions.WHEN_INVALID)) {
            if (TemplateOptions.DEAD_LETTER.equals(values.find(option))) {
                users.add(option);
            }
        }
        return users;
    }
}
