package io.slsdispatch.job.cli;

import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command-line argument that selects the configuration. */
final class ConfigFile {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "YAML file with the configuration. Without it, environment variables are used.")
    private @Nullable Path file;

    /** Reads the configuration and checks it without the service. */
    JobConfig read(Terminal terminal) throws InvalidConfigException {
        return file == null
                ? ConfigReader.readEnvironment(
                        terminal.environment(), terminal.clock().instant())
                : read(file, terminal);
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
