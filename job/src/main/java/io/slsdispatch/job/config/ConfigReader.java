package io.slsdispatch.job.config;

import io.slsdispatch.job.config.JobConfig.Execution;
import io.slsdispatch.job.config.JobConfig.RulesUpdates;
import io.slsdispatch.job.config.JobConfig.Source;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.config.ValueType.Reading;
import io.slsdispatch.job.routing.RouteTable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
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
        ConfigReader reader = new ConfigReader(environment, now);
        String content = reader.content(file);
        reader.mistakes.throwIfAny();
        ConfigNode root = YamlFile.read(file.toString(), content, reader.mistakes);
        if (root instanceof ConfigNode.Told) {
            reader.mistakes.throwIfAny();
        }
        return reader.read(root);
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
        return reader.read(ScriptVariables.read(environment, reader.mistakes));
    }

    private String content(Path file) {
        Place place = new Place("", file.toString());
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            mistakes.add(place, "There is no such file.", "Name the file with --config FILE.");
        } catch (CharacterCodingException e) {
            mistakes.add(place, "The file is not UTF-8.", "Save it as UTF-8.");
        } catch (IOException e) {
            mistakes.add(place, "The file cannot be read: " + e + ".", "");
        }
        return "";
    }

    private JobConfig read(ConfigNode root) throws BadConfigurationException {
        Values top = Section.read(root, JobOptions.ALL, reading);
        Section.require(top, REQUIRED, mistakes);
        ZoneId zone = top.find(JobOptions.TIME_ZONE);

        SourceReader sources = new SourceReader(reading, zone == null ? ZoneId.of("UTC") : zone, now);
        Values sourceValues = sources.values(top.find(JobOptions.SOURCE));
        Source source = sources.source(sourceValues);

        TargetsReader targetsReader = new TargetsReader(reading, sourceValues);
        List<Target> targets =
                targetsReader.targets(top.find(JobOptions.DEFAULTS), items(top, JobOptions.TARGETS, "target"));

        RouteTable routes = new RulesReader(reading).table(top, targetsReader.names());
        Optional<RulesUpdates> updates = Optional.ofNullable(Build.of(
                        top.placeOf(JobOptions.RULES_FROM), mistakes, () -> top.getOrNull(JobOptions.RULES_FROM)))
                .map(location -> new RulesUpdates(location, top.get(JobOptions.RULES_POLL_INTERVAL)));

        if (updates.isPresent() && source != null && source.config().consumerGroup() == null) {
            mistakes.add(
                    top.placeOf(JobOptions.RULES_FROM),
                    "It needs 'source.consumer-group': after a failure, new rules wait until the progress shown there says"
                            + " that what was routed before is delivered.",
                    "Name one.");
        }

        Execution execution = execution(top);
        mistakes.throwIfAny();
        if (source == null || routes == null || execution == null) {
            throw new IllegalStateException("something is missing although no mistake was found");
        }
        return new JobConfig(source, targets, routes, updates, execution);
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
