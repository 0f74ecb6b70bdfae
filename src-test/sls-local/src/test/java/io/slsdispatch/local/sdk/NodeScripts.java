package io.slsdispatch.local.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.tools.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The scripts in {@code src/test/node}, with the packages that their lock file pins. The packages are fetched once and
 * kept in {@code target/node} until the lock file changes.
 */
final class NodeScripts {

    private static final String TESTED = "the official SDKs for Node against SLS Local";
    private static final Path SOURCES = Path.of("src", "test", "node");
    private static final Path EXAMPLE = Path.of("examples", "node");
    private static final Path FOLDER = Path.of("target", "node");
    private static final String LOCK = "package-lock.json";
    private static final int PATIENCE_SECONDS = 120;

    private final Path node;

    private NodeScripts(Path node) {
        this.node = node;
    }

    /** Fetches the packages; ends the test without a result where there is no Node. */
    static NodeScripts ready() throws IOException, InterruptedException {
        Path node = Programs.need(List.of("node", "nodejs"), TESTED, "nodejs");
        Path npm = Programs.need(List.of("npm"), TESTED, "npm");
        Path fetched = FOLDER.resolve("fetched-" + LOCK);
        boolean isFetched = Files.exists(fetched) && Files.mismatch(fetched, SOURCES.resolve(LOCK)) < 0;
        copySources();
        if (!isFetched) {
            List<String> result = run(
                    List.of(npm.toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"));
            if (!result.isEmpty() && result.get(result.size() - 1).equals("exit 0")) {
                Files.copy(SOURCES.resolve(LOCK), fetched, StandardCopyOption.REPLACE_EXISTING);
            } else {
                String message = "NOT TESTED: " + TESTED + ". npm cannot fetch its packages: " + result;
                assertThat(System.getProperty("test.programs")).as(message).isNotEqualTo("required");
                System.err.println(message);
                Assumptions.abort(message);
            }
        }
        return new NodeScripts(node);
    }

    private static void copySources() throws IOException {
        Files.createDirectories(FOLDER);
        copy(SOURCES);
        copy(EXAMPLE);
    }

    private static void copy(Path from) throws IOException {
        try (Stream<Path> sources = Files.list(from)) {
            for (Path source : sources.toList()) {
                Files.copy(source, FOLDER.resolve(source.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** The lines that a script prints; the script must succeed. Every host name is 127.0.0.1 for it. */
    List<String> output(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(node.toString(), "--require", "./lookup.cjs", script));
        command.addAll(List.of(arguments));
        List<String> lines = new ArrayList<>(run(command));
        assertThat(lines).as(script).endsWith("exit 0");
        lines.remove(lines.size() - 1);
        return lines;
    }

    /** What a program prints, and as the last line its exit code. */
    private static List<String> run(List<String> command) throws IOException, InterruptedException {
        Path output = FOLDER.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(output));
        lines.add(ended ? "exit " + process.exitValue() : "still running after " + PATIENCE_SECONDS + " s");
        return lines;
    }
}
