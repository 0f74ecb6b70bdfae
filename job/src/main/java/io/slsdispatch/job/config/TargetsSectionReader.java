package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore.OnRefusal;
import io.slsdispatch.connector.config.SinkConfig.Delivery;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.config.options.ConnectionOptions;
import io.slsdispatch.job.config.options.SourceOptions;
import io.slsdispatch.job.config.options.TargetOptions;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reader of the sections {@code targets} and {@code defaults}. A target inherits the options that it does not set from
 * the defaults. Connection options that the defaults do not set either are inherited from the source. A target with its
 * own endpoint inherits only project and credentials from the source, because region, proxy and similar options belong
 * to the endpoint.
 */
final class TargetsSectionReader {

    private final ReadContext context;
    private final ConfigErrors errors;
    private final SectionValues source;
    private final Map<String, SourceLocation> names = new LinkedHashMap<>();
    private final LogstoreConflicts conflicts;
    private final Map<String, Map<Option<?>, Object>> options = new LinkedHashMap<>();

    TargetsSectionReader(ReadContext context, SectionValues source) {
        this.context = context;
        this.errors = context.errors();
        this.source = source;
        this.conflicts = new LogstoreConflicts(errors, source);
    }

    /** The targets without errors. */
    List<Target> targets(@Nullable ConfigNode defaultsSection, List<ConfigNode> sections) {
        SectionValues defaults = defaultsSection == null
                ? SectionValues.at(new SourceLocation("defaults", ""))
                : SectionReader.read(defaultsSection, TargetOptions.DEFAULTS, context);
        List<Target> targets = new ArrayList<>();
        for (ConfigNode section : sections) {
            Target target = target(SectionReader.read(section, TargetOptions.ALL, context), defaults);
            if (target != null) {
                targets.add(target);
            }
        }
        return targets;
    }

    /** The names of all targets, including those with errors. */
    Set<String> names() {
        return new LinkedHashSet<>(names.keySet());
    }

    /** The value of each option of the targets without errors, by their names. */
    Map<String, Map<Option<?>, Object>> options() {
        return options;
    }

    private @Nullable Target target(SectionValues own, SectionValues defaults) {
        SectionValues values = own.inheriting(defaults);
        boolean ownEndpoint = values.has(ConnectionOptions.ENDPOINT);
        values = values.inheriting(source.only(
                ownEndpoint
                        ? List.of(ConnectionOptions.PROJECT, ConnectionOptions.CREDENTIALS)
                        : ConnectionOptions.ALL));
        values.require(List.of(SourceOptions.LOGSTORE), errors);
        takeName(values);
        conflicts.add(values);
        if (own.has(TargetOptions.DEAD_LETTER_LOGSTORE) && !hasDeadLetters(values)) {
            errors.add(
                    own.locationOf(TargetOptions.DEAD_LETTER_LOGSTORE),
                    "It applies only with 'on-reject: dead-letter' or 'on-outage: dead-letter'.",
                    "Set one of these, or remove this.");
        }
        Target target = build(values);
        if (target != null) {
            options.put(target.name(), EffectiveOptions.of(values, TargetOptions.ALL));
        }
        return target;
    }

    private void takeName(SectionValues values) {
        Option<String> option = values.has(TargetOptions.NAME) ? TargetOptions.NAME : SourceOptions.LOGSTORE;
        String name = values.find(option);
        if (name == null) {
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

    private @Nullable Target build(SectionValues values) {
        RetryPolicy retry = errors.build(
                values.locationOf(TargetOptions.RETRY_MAX_BACKOFF),
                () -> new RetryPolicy(
                        new Backoff(
                                values.get(TargetOptions.RETRY_INITIAL_BACKOFF),
                                values.get(TargetOptions.RETRY_MAX_BACKOFF)),
                        values.get(TargetOptions.RETRY_GIVE_UP_AFTER).orElse(null),
                        values.get(TargetOptions.RETRY_GRACE)));
        RetryPolicy retryWithCodes =
                errors.build(values.locationOf(TargetOptions.RETRY_CODES_ABOUT_REQUEST), () -> ConfigErrors.need(retry)
                        .withCodes(
                                codes(values, TargetOptions.RETRY_CODES_ABOUT_GROUP),
                                codes(values, TargetOptions.RETRY_CODES_ABOUT_REQUEST)));
        ConnectionConfig connection =
                errors.build(values.location(), () -> new ConnectionSectionReader(errors).connection(values));
        return errors.build(values.location(), () -> {
            LogstoreId logstore =
                    new LogstoreId(values.get(ConnectionOptions.PROJECT), values.get(SourceOptions.LOGSTORE));
            String name = values.getOrNull(TargetOptions.NAME);
            Delivery delivery = new Delivery(
                    values.get(TargetOptions.ORDERED),
                    values.get(TargetOptions.BATCHING),
                    values.get(TargetOptions.CUT_CATEGORY),
                    values.get(TargetOptions.MAX_IN_FLIGHT_REQUESTS),
                    values.get(TargetOptions.MAX_BUFFERED));
            SinkConfig sink = SinkConfig.builder(name == null ? logstore.logstore() : name, logstore)
                    .scope(ConfigErrors.need(LogstoreConflicts.scope(values)))
                    .delivery(delivery)
                    .retry(ConfigErrors.need(retryWithCodes))
                    .onReject(values.get(TargetOptions.ON_REJECT))
                    .outage(new Outage(values.get(TargetOptions.ON_OUTAGE), values.get(TargetOptions.OUTAGE_AFTER)))
                    .deadLetters(deadLetters(values, logstore))
                    .build();
            return new Target(ConfigErrors.need(connection), sink);
        });
    }

    private static List<String> codes(SectionValues values, Option<List<String>> option) {
        List<String> codes = values.getOrNull(option);
        return codes == null ? List.of() : codes;
    }

    private static boolean hasDeadLetters(SectionValues values) {
        return values.find(TargetOptions.ON_REJECT) == OnReject.DEAD_LETTER
                || values.find(TargetOptions.ON_OUTAGE) == OnOutage.DEAD_LETTER;
    }

    private @Nullable DeadLetterStore deadLetters(SectionValues values, LogstoreId target) {
        String deadLetter = values.getOrNull(TargetOptions.DEAD_LETTER_LOGSTORE);
        OnRefusal onRefusal = values.get(TargetOptions.DEAD_LETTER_ON_REFUSAL);
        if (!hasDeadLetters(values)) {
            return null;
        }
        if (deadLetter == null) {
            boolean rejects = values.find(TargetOptions.ON_REJECT) == OnReject.DEAD_LETTER;
            errors.add(
                    values.locationOf(rejects ? TargetOptions.ON_REJECT : TargetOptions.ON_OUTAGE),
                    "The dead-letter logstore is missing.",
                    "Set 'dead-letter: {logstore: NAME}'.");
            throw new ConfigErrors.AlreadyReportedException(TargetOptions.DEAD_LETTER_LOGSTORE.key());
        }
        return new DeadLetterStore(LogstoreConflicts.deadLetterId(values, deadLetter, target), onRefusal);
    }
}
