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
        return write(directory, endpoint, source, NOTHING_MORE);
    }

    /**
     * More lines of a configuration, without indent.
     *
     * @param source of the source
     * @param defaults of all targets
     * @param last of the last target
     * @param idleTargets further targets that no group goes to
     */
    record More(String source, String defaults, String last, int idleTargets) {

        More(String source, String defaults, String last) {
            this(source, defaults, last, 0);
        }
    }

    /** Targets that no group goes to, besides those of all jobs. */
    static More idleTargets(int count) {
        return new More("", "", "", count);
    }

    static final More NOTHING_MORE = new More("", "", "");

    static Path write(Path directory, String endpoint, String source, More more) throws IOException {
        Path credentials = directory.resolve("credentials.properties");
        Files.writeString(
                credentials,
                "access-key-id=" + SlsLocalProcess.ACCESS_KEY_ID + "\naccess-key-secret="
                        + SlsLocalProcess.ACCESS_KEY_SECRET + "\n");
        StringBuilder yaml = new StringBuilder("""
                source:
                  endpoint: %s
                  project: %s
                  logstore: %s
                  credentials:
                    file: '%s'
                %sdefault-route: fail
                %stargets:
                """.formatted(
                        endpoint,
                        SlsLocalProcess.PROJECT,
                        source,
                        credentials.toAbsolutePath(),
                        more.source.indent(2),
                        more.defaults.isEmpty() ? "" : "defaults:\n" + more.defaults.indent(2)));
        Topics.TARGETS.forEach(
                target -> yaml.append("  - logstore: ").append(target).append('\n'));
        yaml.append(more.last.indent(4));
        for (int target = 0; target < more.idleTargets; target++) {
            yaml.append("  - logstore: idle-").append(target).append('\n');
        }
        yaml.append("routes:\n");
        Topics.TARGETS.forEach(target -> yaml.append("  - topic: {prefix: ")
                .append(target)
                .append("}\n    to: ")
                .append(target)
                .append('\n'));
        return Files.writeString(directory.resolve("dispatch-" + source + ".yaml"), yaml);
    }
}
