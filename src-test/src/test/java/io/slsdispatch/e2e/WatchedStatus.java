package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.tools.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code status --watch} of a job that runs well, as a process. */
final class WatchedStatus {

    private static final Duration LONG = Duration.ofMinutes(3);

    private final Path folder;

    /** @param folder for what it prints */
    WatchedStatus(Path folder) {
        this.folder = folder;
    }

    /** To a file: one report after the other. */
    void toAFile(String... arguments) throws Exception {
        Path out = folder.resolve("watched");
        String[] watching =
                Stream.concat(Arrays.stream(arguments), Stream.of("--watch")).toArray(String[]::new);
        Process process = JavaJar.start(Map.of("TERM", "xterm"), out, watching);
        try {
            awaitReports(out, 2);
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 15);
        assertThat(Files.readString(out)).contains("\n\nRUNNING for ").doesNotContain("\u001b");
    }

    /** In a terminal: on the same screen, until Ctrl-C. */
    void inATerminal(String command) throws Exception {
        Path script = Programs.need(List.of("script"), "the redrawing of 'status --watch'", "bsdutils");
        Path out = folder.resolve("watched-in-a-terminal");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // A build that was started in the background ignores Ctrl-C, and so would a program that it starts.
        String watching = "env --default-signal=INT " + command.replaceFirst("^java ", java + " ") + " --watch";
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "-qefc", watching, "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().put("TERM", "xterm");
        Process process = builder.start();
        try {
            awaitReports(out, 2);
            process.getOutputStream().write(3);
            process.getOutputStream().flush();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(128 + 2);
        assertThat(Files.readString(out)).contains("\u001b[H\u001b[2JRUNNING for ");
    }

    private static void awaitReports(Path out, int count) {
        await().atMost(LONG).until(() -> Files.readString(out).split("RUNNING for ", -1).length > count);
    }
}
