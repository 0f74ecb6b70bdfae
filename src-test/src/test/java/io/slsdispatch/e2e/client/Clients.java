package io.slsdispatch.e2e.client;

import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Clients for tests, and what tests ask of them. */
final class Clients {

    static final LogstoreId LOGSTORE = new LogstoreId("project", "store");
    static final String ACCESS_KEY_ID = "the-access-key-id";
    static final String ACCESS_KEY_SECRET = "the-access-key-secret";

    /** Never reached where an answer comes, on whatever machine. */
    static final Duration PLENTY = Duration.ofSeconds(60);

    private Clients() {}

    static SlsClient to(StubServer server, Path directory) {
        return create(connection("http://127.0.0.1:" + server.port(), directory).build());
    }

    static SlsClient create(ConnectionConfig connection) {
        return new SlsClients(connection).create();
    }

    static ConnectionConfig.Builder connection(String endpoint, Path directory) {
        return ConnectionConfig.builder(Endpoint.parse(endpoint), credentials(directory))
                .network(network(PLENTY, 16));
    }

    static ConnectionConfig.Network network(Duration requestTimeout, int maxConcurrentRequests) {
        return new ConnectionConfig.Network(PLENTY, requestTimeout, maxConcurrentRequests, null, null);
    }

    static CredentialsConfig.File credentials(Path directory) {
        return credentials(directory, ACCESS_KEY_ID, ACCESS_KEY_SECRET);
    }

    static CredentialsConfig.File credentials(Path directory, String id, String secret) {
        Path file = directory.resolve("credentials");
        try {
            Files.writeString(file, "access-key-id=" + id + "\naccess-key-secret=" + secret + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new CredentialsConfig.File(file.toString());
    }

    static PullRequest pull(String cursor) {
        return new PullRequest(LOGSTORE, 0, cursor, 100, null);
    }

    static PutRequest put(byte[]... groups) {
        return new PutRequest(
                LOGSTORE, Arrays.stream(groups).map(Clients::group).toList(), null);
    }

    static RawLogGroup group(byte[] bytes) {
        return new RawLogGroup(bytes, 0, bytes.length, "topic", 0, "cursor", 0);
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(PLENTY);
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    /** What a request fails with; the exception itself, not wrapped. */
    static SlsException failureOf(CompletableFuture<?> future) throws InterruptedException, TimeoutException {
        try {
            future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SlsException failure) {
                return failure;
            }
            throw new AssertionError("not an SlsException", e);
        }
        throw new AssertionError("the request succeeded");
    }
}
