package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The fat jar, run by {@code java -jar} in a process of its own, with no Flink around it. */
final class JavaJar {

    /** Where the module job puts it in the phase package. Absolute, since processes run in folders of their own. */
    static final Path PATH =
            Path.of("..", "job", "target", "sls-dispatch.jar").toAbsolutePath().normalize();

    /**
     * What a run gave.
     *
     * @param exitCode of the process
     * @param out both of its outputs
     */
    record Run(int exitCode, String out) {}

    private JavaJar() {}

    /** Runs it to its end, with these environment variables beside those of this process. */
    static Run run(Map<String, String> variables, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("sls-dispatch", ".out");
        Process process = start(variables, out, arguments);
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as("%s ends", List.of(arguments))
                    .isTrue();
            return new Run(process.exitValue(), Files.readString(out));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
        }
    }

    /** Starts it, with both of its outputs to a file. */
    static Process start(Map<String, String> variables, Path out, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", PATH.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().putAll(variables);
        return builder.start();
    }
}
