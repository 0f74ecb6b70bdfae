package io.slsdispatch.e2e.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image of SLS Local: its command line and its health check are run as they are, on another port and without Docker. */
class SlsLocalImageTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String PORT = "10012";

    @TempDir
    private Path folder;

    @Test
    void takesOnlyTheJarAndDoesNotRunAsRoot() throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve("conf/docker/sls-local.Dockerfile"));

        assertThat(lines)
                .containsSubsequence(
                        "ARG BASE=eclipse-temurin:17-jre",
                        "FROM ${BASE}",
                        "COPY src-test/target/sls-local.jar /opt/sls-local/sls-local.jar",
                        "USER 10001:10001",
                        "EXPOSE " + PORT);
        assertThat(lines)
                .filteredOn(line -> line.matches("(COPY|ADD|USER|RUN) .*"))
                .hasSize(2);
    }

    @Test
    void itsCommandLineServesAndItsHealthCheckTellsWhetherItDoes() throws Exception {
        int port = freePort();
        List<String> health = command("CMD \\[\"bash\"", port);
        assertThat(run(health)).as("health before the start").isNotZero();
        List<String> entry = command("ENTRYPOINT ", port);
        entry.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        entry.replaceAll(part ->
                part.replace("/opt/sls-local", ROOT.resolve("src-test/target").toString()));
        entry.addAll(List.of(
                "--access-key-id", "ID", "--access-key-secret", "SECRET", "--logstore", "my-project/my-logs:2"));
        Path out = folder.resolve("out.txt");
        Process server = new ProcessBuilder(entry)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            await().atMost(Duration.ofMinutes(1)).until(() -> run(health) == 0);
            HttpRequest stats = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/_local/stats"))
                    .build();
            HttpResponse<String> answer = HttpClient.newHttpClient().send(stats, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.body()).contains("\"my-logs\"");
            assertThat(Files.readString(out))
                    .contains("Warning: with --host 0.0.0.0, other machines can connect.")
                    .contains("They need an access key.", "without a key (--admin-host)")
                    .contains("SLS Local listens on http://127.0.0.1:" + port);
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /** A command of the Dockerfile that is written as JSON, with another port. */
    private static List<String> command(String begin, int port) throws IOException {
        Matcher json = Pattern.compile("(?m)^ *" + begin + ".*$")
                .matcher(Files.readString(ROOT.resolve("conf/docker/sls-local.Dockerfile")));
        assertThat(json.find()).as(begin).isTrue();
        List<String> parts = new ArrayList<>();
        new ObjectMapper()
                .readTree(json.group().substring(json.group().indexOf('[')))
                .forEach(part -> parts.add(part.asText().replace(PORT, Integer.toString(port))));
        return parts;
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
