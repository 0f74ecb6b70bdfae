package io.slsdispatch.job.cli;

import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.InvalidConfigException;
import io.slsdispatch.job.yaml.SourceLocation;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command-line argument that selects the configuration. */
final class ConfigFile {

    private static final String VARIABLES = "SLS_";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "YAML file with the configuration. Without it, environment variables are used.")
    private @Nullable Path file;

    /** Reads the configuration and checks it without the service. */
    JobConfig read(Terminal terminal) throws InvalidConfigException {
        if (file != null) {
            return read(file, terminal);
        }
        if (terminal.environment().keySet().stream().noneMatch(name -> name.startsWith(VARIABLES))) {
            ConfigErrors none = new ConfigErrors();
            none.add(
                    new SourceLocation("", "arguments and environment variables"),
                    "No configuration: neither --config nor an environment variable of a configuration is set.",
                    "Pass --config FILE, or set SLS_ENDPOINT, SLS_PROJECT, SLS_LOGSTORE and SLS_LOGSTORE_TO1; see"
                            + " --help.");
            none.throwIfAny();
        }
        return ConfigReader.readEnvironment(
                terminal.environment(), terminal.clock().instant());
    }

    static JobConfig read(Path file, Terminal terminal) throws InvalidConfigException {
        return ConfigReader.readFile(
                file, terminal.environment(), terminal.clock().instant());
    }

    static ConfigReader.Detailed readInDetail(Path file, Terminal terminal) throws InvalidConfigException {
        return ConfigReader.readFileInDetail(
                file, null, terminal.environment(), terminal.clock().instant());
    }

    /**
     * Reads the configuration with the rules of another file instead of its own; empty without a configuration file.
     */
    Optional<JobConfig> readWithRules(Path rules, Terminal terminal) throws InvalidConfigException {
        return file == null
                ? Optional.empty()
                : Optional.of(ConfigReader.readFileWithRules(
                        file, rules, terminal.environment(), terminal.clock().instant()));
    }

    /** The arguments that select the same configuration; empty without a file. */
    String asArguments() {
        return file == null ? "" : "--config " + file;
    }
}
