package io.slsdispatch.job.config;

import io.slsdispatch.connector.text.SmallFile;
import io.slsdispatch.job.config.JobConfig.Execution;
import io.slsdispatch.job.config.JobConfig.Source;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.config.JobConfig.Template;
import io.slsdispatch.job.config.options.JobOptions;
import io.slsdispatch.job.config.options.SourceOptions;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RulesUpdates;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.ConfigNode;
import io.slsdispatch.job.yaml.InvalidConfigException;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ReadContext;
import io.slsdispatch.job.yaml.SectionReader;
import io.slsdispatch.job.yaml.SectionValues;
import io.slsdispatch.job.yaml.SourceLocation;
import io.slsdispatch.job.yaml.Variables;
import io.slsdispatch.job.yaml.YamlParser;
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

/**
 * Reader of configurations: reads one and checks it as a whole. It reports all errors that can be found without the
 * service at once.
 */
public final class ConfigReader {

    private static final List<Option<?>> REQUIRED = List.of(JobOptions.SOURCE, JobOptions.TARGETS);

    /** Far above any real configuration: 100,000 values, see {@link YamlParser}. */
    private static final int MAX_BYTES = 4 << 20;

    private final ConfigErrors errors = new ConfigErrors();
    private final ReadContext context;
    private final Instant now;

    /**
     * A configuration together with the value of each option.
     *
     * @param config the checked configuration
     * @param options what it consists of
     */
    public record Detailed(JobConfig config, EffectiveOptions options) {}

    private ConfigReader(Map<String, String> environment, Instant now) {
        this.context = new ReadContext(new Variables(environment), errors);
        this.now = now;
    }

    /**
     * Reads a YAML file.
     *
     * @param environment values of the variables in it
     * @param now the time that a start of "end" means
     * @throws InvalidConfigException when anything in it is wrong
     */
    public static JobConfig readFile(Path file, Map<String, String> environment, Instant now)
            throws InvalidConfigException {
        return readFileInDetail(file, null, environment, now).config();
    }

    /**
     * Reads a YAML file as {@link #readFile(Path, Map, Instant)} does, but takes the rules from another file. The rules
     * that the YAML file names are not read.
     */
    public static JobConfig readFileWithRules(Path file, Path rules, Map<String, String> environment, Instant now)
            throws InvalidConfigException {
        return readFileInDetail(file, rules, environment, now).config();
    }

    /**
     * Reads a YAML file as {@link #readFile(Path, Map, Instant)} does, and also returns the value of each option.
     *
     * @param rules a file whose rules replace those of the configuration, which are not read; null for none
     */
    public static Detailed readFileInDetail(
            Path file, @Nullable Path rules, Map<String, String> environment, Instant now)
            throws InvalidConfigException {
        ConfigReader reader = new ConfigReader(environment, now);
        String content = reader.content(file);
        reader.errors.throwIfAny();
        ConfigNode root = YamlParser.read(file.toString(), content, reader.errors);
        if (root instanceof ConfigNode.Invalid) {
            reader.errors.throwIfAny();
        }
        return reader.read(root, rules);
    }

    /**
     * Reads the environment variables of the Python script.
     *
     * @param now the time that a start of "end" means
     * @throws InvalidConfigException when anything in them is wrong or missing
     */
    public static JobConfig readEnvironment(Map<String, String> environment, Instant now)
            throws InvalidConfigException {
        ConfigReader reader = new ConfigReader(environment, now);
        return reader.read(PythonScriptVariables.read(environment, reader.errors), null)
                .config();
    }

    private String content(Path file) {
        SourceLocation location = new SourceLocation("", file.toString());
        try {
            if (Files.isDirectory(file)) {
                errors.add(location, "This is a directory, not a file.", "Check the path.");
                return "";
            }
            if (Files.exists(file) && !Files.isReadable(file)) {
                errors.add(
                        location, "Permission denied.", "Change the permissions of the file, or run as another user.");
                return "";
            }
            return SmallFile.text(file, MAX_BYTES);
        } catch (NoSuchFileException e) {
            errors.add(location, "No such file.", "Check the path.");
        } catch (CharacterCodingException e) {
            errors.add(location, "The file is not UTF-8.", "Save it as UTF-8.");
        } catch (IOException e) {
            errors.add(location, "The file cannot be read: " + e.getMessage() + ".", "");
        }
        return "";
    }

    private Detailed read(ConfigNode root, @Nullable Path rules) throws InvalidConfigException {
        SectionValues top = SectionReader.read(root, JobOptions.ALL, context);
        top.require(REQUIRED, errors);
        ZoneId zone = top.find(JobOptions.TIME_ZONE);

        SourceSectionReader sources = new SourceSectionReader(context, zone == null ? ZoneId.of("UTC") : zone, now);
        SectionValues sourceValues = sources.values(top.find(JobOptions.SOURCE));
        Source source = sources.source(sourceValues);

        TargetsSectionReader targetsReader = new TargetsSectionReader(context, sourceValues);
        List<Target> targets =
                targetsReader.targets(top.find(JobOptions.DEFAULTS), top.items(JobOptions.TARGETS, "target", errors));

        RulesSectionReader rulesReader = new RulesSectionReader(context, top, sourceValues);
        Optional<RulesUpdates> updates = rulesReader.updates(source, targets);
        List<Template> templates = targetsReader.templates(targets, updates);
        RuleTable ruleTable = rulesReader.table(targetsReader.known(templates), updates, rules);
        if (updates.isPresent() && source != null && source.config().consumerGroup() == null) {
            errors.add(
                    top.locationOf(JobOptions.RULES_FROM),
                    "Reloading rules requires 'source.consumer-group': after a failure, new rules wait until the"
                            + " progress stored there shows that groups routed earlier are delivered.",
                    "Set 'source.consumer-group'.");
        }

        Execution execution = execution(top);
        errors.throwIfAny();
        if (source == null || ruleTable == null || execution == null) {
            throw new IllegalStateException("a value is missing although no error was reported");
        }
        return new Detailed(
                new JobConfig(source, targets, templates, ruleTable, updates, execution),
                new EffectiveOptions(
                        EffectiveOptions.of(top, JobOptions.OWN),
                        EffectiveOptions.of(sourceValues, SourceOptions.ALL),
                        targetsReader.options()));
    }

    private @Nullable Execution execution(SectionValues top) {
        try {
            int maxParallelism = top.get(JobOptions.MAX_PARALLELISM);
            int lanes = top.get(JobOptions.LANES);
            if (lanes > maxParallelism && top.has(JobOptions.LANES)) {
                errors.add(
                        top.locationOf(JobOptions.LANES),
                        Integer.toString(lanes),
                        "More lanes than 'max-parallelism' (" + maxParallelism + ").",
                        "Set at most " + maxParallelism + " lanes, or raise 'max-parallelism'.");
            }
            return new Execution(
                    Optional.ofNullable(top.getOrNull(JobOptions.NAME)),
                    top.get(JobOptions.CHECKPOINT_INTERVAL),
                    top.get(JobOptions.CHECKPOINT_TIMEOUT),
                    maxParallelism,
                    Math.min(lanes, maxParallelism));
        } catch (ConfigErrors.AlreadyReportedException e) {
            return null;
        }
    }
}
