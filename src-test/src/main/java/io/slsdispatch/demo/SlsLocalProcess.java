package io.slsdispatch.demo;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import com.aliyun.openservices.log.common.auth.StaticCredentialsProvider;
import com.aliyun.openservices.log.http.client.ClientConfiguration;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.ledger.LedgerLines;
import io.slsdispatch.local.ledger.LogstoreLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** SLS Local in a process of its own, started from its jar as a user would. */
public final class SlsLocalProcess implements AutoCloseable {

    public static final String PROJECT = "demo-project";
    public static final String ACCESS_KEY_ID = "demo-key";
    public static final String ACCESS_KEY_SECRET = "demo-secret";

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final Process process;
    private final int port;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ANSWER).build();
    private final ObjectMapper json = new ObjectMapper();

    private SlsLocalProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * @param logstores each as {@code NAME:SHARDS}
     * @param directory where its output goes
     */
    static SlsLocalProcess start(Path jar, List<String> logstores, Path directory)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>();
        for (String logstore : logstores) {
            arguments.add("--logstore");
            arguments.add(PROJECT + "/" + logstore);
        }
        return start(jar, List.of(), arguments, directory);
    }

    /**
     * @param jvmOptions of its Java process
     * @param arguments of SLS Local beside port and keys
     * @param directory where its output goes
     */
    public static SlsLocalProcess start(Path jar, List<String> jvmOptions, List<String> arguments, Path directory)
            throws IOException, InterruptedException {
        Path portFile = directory.resolve("sls-local.port");
        Files.deleteIfExists(portFile);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-jar",
                jar.toString(),
                "--port",
                "0",
                "--port-file",
                portFile.toString(),
                "--access-key-id",
                ACCESS_KEY_ID,
                "--access-key-secret",
                ACCESS_KEY_SECRET));
        command.addAll(arguments);
        Path log = directory.resolve("sls-local.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return new SlsLocalProcess(process, awaitPort(process, portFile, log));
    }

    private static int awaitPort(Process process, Path portFile, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            if (Files.exists(portFile)) {
                String port = Files.readString(portFile).strip();
                if (!port.isEmpty()) {
                    return Integer.parseInt(port);
                }
            }
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new IOException(
                        "SLS Local ended with exit code " + process.exitValue() + ": " + Files.readString(log));
            }
        }
        process.destroy();
        throw new IOException("SLS Local did not start within " + START.toSeconds() + " s; see " + log);
    }

    /** Id of the process. */
    public long pid() {
        return process.pid();
    }

    /** Where it listens, as in {@code http://127.0.0.1:10012}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** A client of the official SDK, which reaches it as it would reach any endpoint through a proxy. */
    public Client sdkClient() {
        ClientConfiguration viaProxy = new ClientConfiguration();
        viaProxy.setProxyHost("127.0.0.1");
        viaProxy.setProxyPort(port);
        return new Client(
                "http://sls.demo",
                new StaticCredentialsProvider(new DefaultCredentials(ACCESS_KEY_ID, ACCESS_KEY_SECRET)),
                viaProxy,
                "192.0.2.1");
    }

    /** How many groups each shard of a logstore was given so far, summed. */
    long groups(JsonNode stats, String logstore) {
        long groups = 0;
        for (JsonNode store : stats.path("logstores")) {
            if (store.path("logstore").asText().equals(logstore)) {
                for (JsonNode shard : store.path("shards")) {
                    groups += shard.path("groups").asLong();
                }
            }
        }
        return groups;
    }

    /** What it has counted so far. */
    public JsonNode stats() throws IOException, InterruptedException {
        return json.readTree(get("/_local/stats", HttpResponse.BodyHandlers.ofString()));
    }

    /** What was written to a logstore. */
    public LogstoreLedger ledger(String logstore) {
        return new LogstoreLedger() {
            @Override
            public String name() {
                return PROJECT + "/" + logstore;
            }

            @Override
            public Iterator<LedgerEntry> entries() throws IOException {
                try {
                    Stream<String> lines = get(
                            "/_local/ledger?project=" + PROJECT + "&logstore=" + logstore,
                            HttpResponse.BodyHandlers.ofLines());
                    return lines.map(LedgerLines::read).iterator();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while the ledger was read", e);
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            }
        };
    }

    private <T> T get(String path, HttpResponse.BodyHandler<T> body) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(endpoint().resolve(path)).timeout(ANSWER).build();
        HttpResponse<T> answer = http.send(request, body);
        if (answer.statusCode() != 200) {
            throw new IOException("GET " + path + " of SLS Local answered " + answer.statusCode());
        }
        return answer.body();
    }

    /** Stops it as SIGTERM does, and with force what has not stopped after that. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
