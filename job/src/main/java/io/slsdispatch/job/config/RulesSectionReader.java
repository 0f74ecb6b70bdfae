package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.JobConfig.Source;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.config.options.ConnectionOptions;
import io.slsdispatch.job.config.options.JobOptions;
import io.slsdispatch.job.rules.RuleOptions;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RulesLoader;
import io.slsdispatch.job.rules.RulesLocation;
import io.slsdispatch.job.rules.RulesReader;
import io.slsdispatch.job.rules.RulesUpdates;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ReadContext;
import io.slsdispatch.job.yaml.SectionValues;
import io.slsdispatch.job.yaml.SourceLocation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reader of the rules: those in the configuration itself, or those at the location that its section {@code rules}
 * names.
 */
final class RulesSectionReader {

    private final ReadContext context;
    private final ConfigErrors errors;
    private final SectionValues top;
    private final SectionValues sourceValues;
    private final SourceLocation location;

    RulesSectionReader(ReadContext context, SectionValues top, SectionValues sourceValues) {
        this.context = context;
        this.errors = context.errors();
        this.top = top;
        this.sourceValues = sourceValues;
        this.location = top.locationOf(JobOptions.RULES_FROM);
    }

    /** Where newer rules come from; empty when the rules are in the configuration, or on an error. */
    Optional<RulesUpdates> updates(@Nullable Source source, List<Target> targets) {
        return Optional.ofNullable(errors.build(location, () -> {
            RulesLocation from = top.getOrNull(JobOptions.RULES_FROM);
            return from == null ? null : updates(from, source, targets);
        }));
    }

    private RulesUpdates updates(RulesLocation from, @Nullable Source source, List<Target> targets) {
        Optional<LogstoreId> logstore = from.logstore().map(RulesLocation.Logstore::logstore);
        if (logstore.isEmpty() && top.has(JobOptions.RULES_CREDENTIALS)) {
            errors.add(
                    top.locationOf(JobOptions.RULES_CREDENTIALS),
                    "It applies only to rules in a logstore.",
                    "Remove it, or set 'rules.from' to sls://PROJECT/LOGSTORE.");
        }
        logstore.ifPresent(
                rules -> new LogstoreConflicts(errors, sourceValues).refuseRules(rules, location, source, targets));
        return new RulesUpdates(from, logstore.map(known -> connection()), top.get(JobOptions.RULES_POLL_INTERVAL));
    }

    /** The connection of the source, except for the credentials. */
    private ConnectionConfig connection() {
        SectionValues own = SectionValues.at(location);
        if (top.has(JobOptions.RULES_CREDENTIALS)) {
            own.put(
                    ConnectionOptions.CREDENTIALS,
                    top.find(JobOptions.RULES_CREDENTIALS),
                    top.locationOf(JobOptions.RULES_CREDENTIALS));
        }
        return new ConnectionSectionReader(errors).connection(own.inheriting(sourceValues));
    }

    /**
     * The rules; null, with an error, when something is missing or invalid.
     *
     * @param targets all targets, including those with errors
     * @param updates where the rules are, when they are outside the configuration and the section has no error
     * @param instead a file whose rules replace them; null for none
     */
    @Nullable
    RuleTable table(RulesReader.Targets targets, Optional<RulesUpdates> updates, @Nullable Path instead) {
        boolean elsewhere = top.has(JobOptions.RULES_FROM);
        if (elsewhere) {
            refuse(
                    RuleOptions.FILE,
                    "The rules are read from 'rules.from'.",
                    "Move it to the rules at that location," + " or remove 'rules'.");
        } else {
            refuse(
                    List.of(JobOptions.RULES_POLL_INTERVAL, JobOptions.RULES_CREDENTIALS),
                    "It applies only with 'rules.from'.",
                    "Set 'rules.from', or remove this.");
        }
        if (instead != null) {
            RulesLocation file = new RulesLocation(instead.toAbsolutePath().toString());
            SourceLocation here = new SourceLocation("", instead.toString());
            return RulesReader.read(RulesLoader.once(file, null), here, targets, errors);
        }
        if (!elsewhere) {
            return RulesReader.read(top, targets, context);
        }
        return updates.map(known -> {
                    RulesLoader text = RulesLoader.once(
                            known.location(), known.connection().orElse(null));
                    return RulesReader.read(text, location, targets, errors);
                })
                .orElse(null);
    }

    private void refuse(List<Option<?>> options, String problem, String hint) {
        for (Option<?> option : options) {
            if (top.has(option)) {
                errors.add(top.locationOf(option), problem, hint);
            }
        }
    }
}
