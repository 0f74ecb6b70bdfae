package io.slsdispatch.bench;

import io.slsdispatch.demo.SlsLocalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configuration files of a job under test: it says where things are and leaves everything else at its default. */
final class JobConfiguration {

    private JobConfiguration() {}

    /**
     * Writes a job's configuration and its credentials.
     *
     * @return the configuration file
     */
    static Path write(Path directory, String endpoint, String source) throws IOException {
        Path credentials = directory.resolve("credentials.properties");
        Files.writeString(
                credentials,
                "access-key-id=" + SlsLocalProcess.ACCESS_KEY_ID + "\naccess-key-secret="
                        + SlsLocalProcess.ACCESS_KEY_SECRET + "\n");
        StringBuilder yaml = new StringBuilder(
                """
                source:
                  endpoint: %s
                  project: %s
                  logstore: %s
                  credentials:
                    file: '%s'
                default-route: fail
                targets:
                """.formatted(endpoint, SlsLocalProcess.PROJECT, source, credentials.toAbsolutePath()));
        Topics.TARGETS.forEach(
                target -> yaml.append("  - logstore: ").append(target).append('\n'));
        yaml.append("routes:\n");
        Topics.TARGETS.forEach(target -> yaml.append("  - topic: {prefix: ")
                .append(target)
                .append("}\n    to: ")
                .append(target)
                .append('\n'));
        return Files.writeString(directory.resolve("dispatch-" + source + ".yaml"), yaml);
    }
}
