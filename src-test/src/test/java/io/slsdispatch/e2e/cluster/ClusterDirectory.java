package io.slsdispatch.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The private directory of one cluster: configuration, logs, temporary files, checkpoints, savepoints. */
final class ClusterDirectory {

    private static final Path CLUSTERS = Path.of("target", "clusters");
    private static final String LOGGING = """
            rootLogger.level = INFO
            rootLogger.appenderRef.file.ref = file
            appender.file.type = File
            appender.file.name = file
            appender.file.fileName = ${sys:log.file}
            appender.file.layout.type = PatternLayout
            appender.file.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1.} [%t] %m%n
            """;

    private final Path root;

    private ClusterDirectory(Path root) {
        this.root = root;
    }

    /** Makes a new one under {@code target/clusters}, its name beginning with the cluster's. */
    static ClusterDirectory create(String clusterName) {
        try {
            Files.createDirectories(CLUSTERS);
            ClusterDirectory directory = new ClusterDirectory(
                    Files.createTempDirectory(CLUSTERS, clusterName + "-").toAbsolutePath());
            for (Path folder : List.of(
                    directory.configuration(),
                    directory.logs(),
                    directory.temporary(),
                    directory.plugins(),
                    directory.checkpoints(),
                    directory.savepoints())) {
                Files.createDirectories(folder);
            }
            Files.writeString(directory.logging(), LOGGING);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a directory for the cluster under " + CLUSTERS, e);
        }
    }

    Path root() {
        return root;
    }

    Path configuration() {
        return root.resolve("conf");
    }

    Path logging() {
        return configuration().resolve("log4j.properties");
    }

    Path logs() {
        return root.resolve("log");
    }

    Path temporary() {
        return root.resolve("tmp");
    }

    Path plugins() {
        return root.resolve("plugins");
    }

    Path checkpoints() {
        return root.resolve("checkpoints");
    }

    Path savepoints() {
        return root.resolve("savepoints");
    }

    Path highAvailability() {
        return root.resolve("ha");
    }

    Path guardJar() {
        return root.resolve("guard.jar");
    }

    /** What Flink logs for a process. */
    Path log(String process) {
        return logs().resolve(process + ".log");
    }

    /** What a process writes to its standard output. */
    Path out(String process) {
        return logs().resolve(process + ".out");
    }

    /** What a process writes to its standard error, where that is kept apart. */
    Path err(String process) {
        return logs().resolve(process + ".err");
    }

    /** The stacks of a process's threads at some moment. */
    Path threads(String process, int number) {
        return logs().resolve(process + ".threads-" + number);
    }

    /** The last lines of every log, each under its file's name; of stack traces only what is not a frame. */
    String logTails(int lines) {
        StringBuilder tails = new StringBuilder();
        try (Stream<Path> files = Files.list(logs())) {
            for (Path file : files.filter(each -> !each.toString().contains(".threads-"))
                    .sorted()
                    .toList()) {
                List<String> all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.startsWith("\tat "))
                        .toList();
                if (!all.isEmpty()) {
                    tails.append("==> ").append(file).append(" <==\n");
                    all.subList(Math.max(0, all.size() - lines), all.size())
                            .forEach(line -> tails.append(line).append('\n'));
                }
            }
        } catch (IOException e) {
            tails.append("(cannot read ").append(logs()).append(": ").append(e).append(")\n");
        }
        return tails.toString();
    }

    /** The lines of every log, and of what processes wrote to their outputs, that hold a text. */
    List<String> logLinesWith(String text) {
        try (Stream<Path> files = Files.list(logs())) {
            List<String> found = new ArrayList<>();
            for (Path file : files.toList()) {
                // No byte is wrong in this charset: a process may be killed in the middle of a character.
                try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
                    lines.filter(line -> line.contains(text)).forEach(found::add);
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + logs(), e);
        }
    }

    /** Deletes what a killed process leaves in its temporary directory, tens of megabytes each. Logs and state stay. */
    void deleteTemporaryFiles() {
        if (!Files.exists(temporary())) {
            return;
        }
        try (Stream<Path> files = Files.walk(temporary())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot empty " + temporary(), e);
        }
    }
}
