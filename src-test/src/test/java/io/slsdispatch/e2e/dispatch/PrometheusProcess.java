package io.slsdispatch.e2e.dispatch;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.core.TerminalFailureException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A real Prometheus on 127.0.0.1 that scrapes one address and evaluates the alert rules. */
final class PrometheusProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PrometheusProcess.class);
    private static final int TRIES = 5;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    private PrometheusProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * @param folder for its files
     * @param scraped host and port of what it scrapes
     */
    static PrometheusProcess start(Path folder, String scraped, Path rules) throws IOException {
        for (int i = 1; i < TRIES; i++) {
            try {
                return startOnce(folder, scraped, rules);
            } catch (TerminalFailureException portIsTaken) {
                LOG.info("Prometheus is started again: {}", portIsTaken.getMessage());
            }
        }
        return startOnce(folder, scraped, rules);
    }

    private static PrometheusProcess startOnce(Path folder, String scraped, Path rules) throws IOException {
        Path program = PrometheusTools.need("prometheus");
        Path config = Files.writeString(folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ['%s']
                scrape_configs: [{job_name: flink, static_configs: [{targets: ['%s']}]}]
                """.formatted(rules, scraped));
        int port = freePort();
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        PrometheusProcess started = new PrometheusProcess(process, port);
        await("Prometheus")
                .atMost(RunningJob.LONG)
                .failFast("Prometheus has ended", () -> !process.isAlive())
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(started::isReady);
        return started;
    }

    /** One that is free now; whoever takes it before Prometheus does makes that end. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean isReady() throws IOException, InterruptedException {
        return get("/-/ready").statusCode() == 200;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The answer to a query as of now: its status, and its result or what is wrong with it. */
    JsonNode query(String expression) throws IOException, InterruptedException {
        String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        return new ObjectMapper().readTree(get("/api/v1/query?query=" + encoded).body());
    }

    /** The alert rules, each with its health. */
    JsonNode rules() throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(get("/api/v1/rules").body())
                .path("data")
                .path("groups")
                .path(0)
                .path("rules");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
