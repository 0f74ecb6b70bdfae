package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.LogstoreScope;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.JobConfig.Execution;
import io.slsdispatch.job.config.JobConfig.RulesUpdates;
import io.slsdispatch.job.config.JobConfig.Source;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.config.ValueType.Reading;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RulesLogstore;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a configuration and checks it as a whole. Every mistake that can be found without the service is told at once. */
public final class ConfigReader {

    private static final List<Option<?>> REQUIRED = List.of(JobOptions.SOURCE, JobOptions.TARGETS);

    private final Mistakes mistakes = new Mistakes();
    private final Reading reading;
    private final Instant now;

    private ConfigReader(Map<String, String> environment, Instant now) {
        this.reading = new Reading(new Variables(environment), mistakes);
        this.now = now;
    }

    /**
     * Reads a YAML file.
     *
     * @param environment replaces the variables in it
     * @param now what a start of "end" means
     * @throws BadConfigurationException when anything in it is wrong
     */
    public static JobConfig readFile(Path file, Map<String, String> environment, Instant now)
            throws BadConfigurationException {
        return readFile(file, null, environment, now);
    }

    /**
     * Reads a YAML file as {@link #readFile(Path, Map, Instant)} does, as if the rules in another file stood where it says
     * that they stand. What stands there now is not looked at.
     */
    public static JobConfig readFileWithRules(Path file, Path rules, Map<String, String> environment, Instant now)
            throws BadConfigurationException {
        return readFile(file, rules, environment, now);
    }

    private static JobConfig readFile(Path file, @Nullable Path rules, Map<String, String> environment, Instant now)
            throws BadConfigurationException {
        ConfigReader reader = new ConfigReader(environment, now);
        String content = reader.content(file);
        reader.mistakes.throwIfAny();
        ConfigNode root = YamlFile.read(file.toString(), content, reader.mistakes);
        if (root instanceof ConfigNode.Told) {
            reader.mistakes.throwIfAny();
        }
        return reader.read(root, rules);
    }

    /**
     * Reads the environment variables of the Python script.
     *
     * @param now what a start of "end" means
     * @throws BadConfigurationException when anything in them is wrong or missing
     */
    public static JobConfig readEnvironment(Map<String, String> environment, Instant now)
            throws BadConfigurationException {
        ConfigReader reader = new ConfigReader(environment, now);
        return reader.read(ScriptVariables.read(environment, reader.mistakes), null);
    }

    private String content(Path file) {
        Place place = new Place("", file.toString());
        try {
            if (Files.isDirectory(file)) {
                mistakes.add(place, "This is a directory, not a file.", "Correct its name.");
                return "";
            }
            return Files.readString(file);
        } catch (AccessDeniedException e) {
            mistakes.add(place, "You may not read this file.", "Change its rights, or who runs this.");
        } catch (NoSuchFileException e) {
            mistakes.add(place, "There is no such file.", "Correct its name.");
        } catch (CharacterCodingException e) {
            mistakes.add(place, "The file is not UTF-8.", "Save it as UTF-8.");
        } catch (IOException e) {
            mistakes.add(place, "The file cannot be read: " + e + ".", "");
        }
        return "";
    }

    private JobConfig read(ConfigNode root, @Nullable Path rules) throws BadConfigurationException {
        Values top = Section.read(root, JobOptions.ALL, reading);
        Section.require(top, REQUIRED, mistakes);
        ZoneId zone = top.find(JobOptions.TIME_ZONE);

        SourceReader sources = new SourceReader(reading, zone == null ? ZoneId.of("UTC") : zone, now);
        Values sourceValues = sources.values(top.find(JobOptions.SOURCE));
        Source source = sources.source(sourceValues);

        TargetsReader targetsReader = new TargetsReader(reading, sourceValues);
        List<Target> targets =
                targetsReader.targets(top.find(JobOptions.DEFAULTS), items(top, JobOptions.TARGETS, "target"));

        Optional<RulesUpdates> updates = updates(top, sourceValues, source, targets);
        RuleTable ruleTable = new RulesReader(reading).table(top, targetsReader.names(), updates, rules);
        if (updates.isPresent() && source != null && source.config().consumerGroup() == null) {
            mistakes.add(
                    top.placeOf(JobOptions.RULES_FROM),
                    "It needs 'source.consumer-group': after a failure, new rules wait until the progress shown there says"
                            + " that what was routed before is delivered.",
                    "Name one.");
        }

        Execution execution = execution(top);
        mistakes.throwIfAny();
        if (source == null || ruleTable == null || execution == null) {
            throw new IllegalStateException("something is missing although no mistake was found");
        }
        return new JobConfig(source, targets, ruleTable, updates, execution);
    }

    private Optional<RulesUpdates> updates(
            Values top, Values sourceValues, @Nullable Source source, List<Target> targets) {
        Place place = top.placeOf(JobOptions.RULES_FROM);
        return Optional.ofNullable(Build.of(place, mistakes, () -> {
            RulesLocation location = top.getOrNull(JobOptions.RULES_FROM);
            if (location == null) {
                return null;
            }
            Optional<LogstoreId> logstore = location.logstore().map(RulesLogstore::logstore);
            if (logstore.isEmpty() && top.has(JobOptions.RULES_CREDENTIALS)) {
                mistakes.add(
                        top.placeOf(JobOptions.RULES_CREDENTIALS),
                        "It holds only with rules in a logstore.",
                        "Take it out, or write sls://PROJECT/LOGSTORE in 'rules.from'.");
            }
            logstore.ifPresent(rules -> refuseTaken(rules, place, sourceValues, source, targets));
            return new RulesUpdates(
                    location,
                    logstore.map(known -> rulesConnection(top, sourceValues)),
                    top.get(JobOptions.RULES_POLL_INTERVAL));
        }));
    }

    private void refuseTaken(
            LogstoreId rules, Place place, Values sourceValues, @Nullable Source source, List<Target> targets) {
        LogstoreScope scope = TargetsReader.scope(sourceValues);
        boolean isSource = source != null && source.config().logstore().equals(rules);
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
            mistakes.add(
                    place,
                    rules.toString(),
                    "It is the source or a target of this job." + (mayBeTwo ? " " + TargetsReader.ONE_LOGSTORE : ""),
                    "Give the rules a logstore of their own." + (mayBeTwo ? " " + TargetsReader.TWO_LOGSTORES : ""));
        }
    }

    /** The source's, but for the credentials. */
    private ConnectionConfig rulesConnection(Values top, Values sourceValues) {
        Values own = Values.at(top.placeOf(JobOptions.RULES_FROM));
        if (top.has(JobOptions.RULES_CREDENTIALS)) {
            own.put(
                    ConnectionOptions.CREDENTIALS,
                    top.find(JobOptions.RULES_CREDENTIALS),
                    top.placeOf(JobOptions.RULES_CREDENTIALS));
        }
        return new ConnectionReader(mistakes).connection(own.inheriting(sourceValues));
    }

    private List<ConfigNode> items(Values top, Option<ConfigNode> option, String what) {
        return RulesReader.items(top, option, what, mistakes);
    }

    private @Nullable Execution execution(Values top) {
        try {
            int maxParallelism = top.get(JobOptions.MAX_PARALLELISM);
            int lanes = top.get(JobOptions.LANES);
            if (lanes > maxParallelism && top.has(JobOptions.LANES)) {
                mistakes.add(
                        top.placeOf(JobOptions.LANES),
                        Integer.toString(lanes),
                        "More lanes than 'max-parallelism', which is " + maxParallelism + ".",
                        "Give at most as many lanes as there can ever be subtasks.");
            }
            return new Execution(
                    Optional.ofNullable(top.getOrNull(JobOptions.NAME)),
                    top.get(JobOptions.CHECKPOINT_INTERVAL),
                    top.get(JobOptions.CHECKPOINT_TIMEOUT),
                    maxParallelism,
                    Math.min(lanes, maxParallelism));
        } catch (Values.UnusableException e) {
            return null;
        }
    }
}
