package io.slsdispatch.soak;

import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.e2e.cluster.JavaProgram;
import io.slsdispatch.local.RemoteSlsLocal;
import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** SLS Local in a process of its own. Safe for use by several threads. */
final class SlsServer implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(1);
    private static final long MEBIBYTE = 1 << 20;
    private static final long MOST_IN_MEMORY = 4_000 * MEBIBYTE;

    private final JavaProgram process;
    private final RemoteSlsLocal remote;

    private SlsServer(JavaProgram process, URI endpoint) {
        this.process = process;
        this.remote = new RemoteSlsLocal(endpoint);
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
        return remote.endpoint();
    }

    /** A client of the product that signs with the key in this file. */
    SlsClient client(Path credentials) {
        return new SlsClients(ConnectionConfig.of(
                        Endpoint.parse(endpoint().toString()), new CredentialsConfig.File(credentials.toString())))
                .create();
    }

    /** Asks and steers it. */
    RemoteSlsLocal remote() {
        return remote;
    }

    /** What was written to a logstore of {@link Layout#PROJECT}. */
    LogstoreLedger ledger(String logstore) {
        return remote.ledger(Layout.PROJECT, logstore);
    }

    @Override
    public void close() {
        process.close();
    }
}
