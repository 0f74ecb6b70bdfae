package io.slsdispatch.soak;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.sdk.SdkClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.e2e.cluster.JavaProgram;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.ledger.LedgerLines;
import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.wire.Credential;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** SLS Local in a process of its own, steered over HTTP. Safe for use by several threads. */
final class SlsServer implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(1);
    private static final Duration ANSWER = Duration.ofMinutes(1);
    private static final long MEBIBYTE = 1 << 20;
    private static final long MOST_IN_MEMORY = 4_000 * MEBIBYTE;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JavaProgram process;
    private final URI endpoint;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private SlsServer(JavaProgram process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /**
     * @param bytes the most bytes of groups that it will hold: on its heap when they fit there, else in files
     * @param keys that are valid
     * @param logstores each as {@code NAME:SHARDS}
     */
    static SlsServer start(Path jar, Path directory, long bytes, List<Credential> keys, List<String> logstores)
            throws IOException {
        boolean inMemory = bytes <= MOST_IN_MEMORY;
        Path portFile = directory.resolve("sls-local.port");
        Files.deleteIfExists(portFile);
        List<String> command = new ArrayList<>(
                List.of("io.slsdispatch.local.SlsLocalMain", "--port", "0", "--port-file", portFile.toString()));
        for (Credential key : keys) {
            command.addAll(List.of("--access-key-id", key.accessKeyId(), "--access-key-secret", key.accessKeySecret()));
        }
        logstores.forEach(logstore -> command.addAll(List.of("--logstore", Layout.PROJECT + "/" + logstore)));
        command.addAll(
                inMemory
                        ? List.of("--max-bytes", Long.toString(bytes))
                        : List.of(
                                "--data-dir",
                                Files.createTempDirectory(directory, "sls-data").toString()));
        String heap = "-Xmx" + ((inMemory ? bytes * 3 / 2 : MOST_IN_MEMORY / 2) / MEBIBYTE + 500) + "m";
        JavaProgram process = JavaProgram.start("sls-local", directory, List.of(heap), List.of(jar), command);
        try {
            await("SLS Local")
                    .atMost(START)
                    .failFast("SLS Local has ended; see " + directory, () -> !process.isAlive())
                    .until(() -> Files.exists(portFile));
            String port = Files.readString(portFile).strip();
            return new SlsServer(process, URI.create("http://127.0.0.1:" + port));
        } catch (IOException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    URI endpoint() {
        return endpoint;
    }

    /** A client of the product that signs with the key in this file. */
    SlsClient client(Path credentials) {
        return new SdkClients(ConnectionConfig.of(
                        Endpoint.parse(endpoint.toString()), new CredentialsConfig.File(credentials.toString())))
                .create();
    }

    /** Switches a fault on. Answers its id. */
    long addFault(Map<String, Object> fault) throws IOException {
        return parsed(HttpRequest.newBuilder(at("faults"))
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(fault))))
                .path("id")
                .asLong();
    }

    /** Switches a fault off. Answers how many calls it has struck. */
    long removeFault(long id) throws IOException {
        long struck = 0;
        for (JsonNode fault : parsed(HttpRequest.newBuilder(at("faults")).GET())) {
            struck = fault.path("id").asLong() == id ? fault.path("struck").asLong() : struck;
        }
        send(HttpRequest.newBuilder(at("faults/" + id)).DELETE(), BodyHandlers.discarding());
        return struck;
    }

    /** How many groups a logstore was given so far. */
    long groups(String logstore) throws IOException {
        long groups = 0;
        for (JsonNode store : parsed(HttpRequest.newBuilder(at("stats")).GET()).path("logstores")) {
            if (store.path("logstore").asText().equals(logstore)) {
                for (JsonNode shard : store.path("shards")) {
                    groups += shard.path("groups").asLong();
                }
            }
        }
        return groups;
    }

    /** What was written to a logstore, read anew by each iterator. */
    LogstoreLedger ledger(String logstore) {
        return new LogstoreLedger() {
            @Override
            public String name() {
                return logstore;
            }

            @Override
            public Iterator<LedgerEntry> entries() throws IOException {
                Stream<String> lines = send(
                        HttpRequest.newBuilder(at("ledger?project=" + Layout.PROJECT + "&logstore=" + logstore)),
                        BodyHandlers.ofLines());
                return lines.map(LedgerLines::read).iterator();
            }
        };
    }

    private URI at(String path) {
        return endpoint.resolve("/_local/" + path);
    }

    private JsonNode parsed(HttpRequest.Builder request) throws IOException {
        return JSON.readTree(send(request, BodyHandlers.ofString()));
    }

    private <T> T send(HttpRequest.Builder builder, BodyHandler<T> body) throws IOException {
        HttpRequest request = builder.timeout(ANSWER).build();
        try {
            HttpResponse<T> answer = http.send(request, body);
            if (answer.statusCode() / 100 != 2) {
                throw new IOException(request.method() + " " + request.uri() + " answered " + answer.statusCode() + " "
                        + (answer.body() instanceof String text ? text : ""));
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + request.method() + " " + request.uri(), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
