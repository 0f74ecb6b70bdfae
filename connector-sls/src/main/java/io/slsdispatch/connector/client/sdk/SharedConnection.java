package io.slsdispatch.connector.client.sdk;

import io.slsdispatch.connector.client.access.Addressing;
import io.slsdispatch.connector.client.access.RequestCredentials;
import io.slsdispatch.connector.client.credentials.CredentialsSource;
import io.slsdispatch.connector.client.http.ServiceCalls;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Endpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all clients of one connection in this process share: the way to the service with its connections and threads, and
 * the credentials. The first user makes it, the last one ends it, so that it outlives neither a job nor its class loader.
 * One whose I/O thread has ended is not shared any more, however many still hold it.
 */
final class SharedConnection {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Map<ConnectionConfig, SharedConnection> OPEN = new HashMap<>();

    private final ConnectionConfig config;
    private final BackgroundThreads background;
    private final RequestCredentials credentials;
    private final SdkRequests requests;
    private final ServiceCalls calls;
    private int users;

    private SharedConnection(ConnectionConfig config) {
        this.config = config;
        // Threads come with the first call: nothing is left behind when one of these throws.
        this.background = new BackgroundThreads("sls-client-" + COUNT.incrementAndGet());
        this.credentials = new RequestCredentials(CredentialsSource.of(config.credentials(), background), background);
        this.requests = new SdkRequests(sdkEndpoint(config.endpoint()));
        this.calls = ServiceCalls.open(config, credentials, background);
    }

    /** The SDK takes neither a port nor an IP address. */
    private static String sdkEndpoint(Endpoint endpoint) {
        return endpoint.scheme() + "://" + new Addressing(endpoint).namedHost();
    }

    /** Each call needs one {@link #release}. */
    static SharedConnection acquire(ConnectionConfig config) {
        synchronized (OPEN) {
            SharedConnection connection = OPEN.get(config);
            if (connection == null || !connection.calls.isUsable()) {
                connection = new SharedConnection(config);
                OPEN.put(config, connection);
            }
            connection.users++;
            return connection;
        }
    }

    void release() {
        synchronized (OPEN) {
            users--;
            if (users > 0) {
                return;
            }
            OPEN.remove(config, this);
        }
        try {
            calls.close();
        } finally {
            background.close();
        }
    }

    SdkRequests requests() {
        return requests;
    }

    ServiceCalls calls() {
        return calls;
    }

    RequestCredentials credentials() {
        return credentials;
    }
}
