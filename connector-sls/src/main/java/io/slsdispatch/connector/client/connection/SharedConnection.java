package io.slsdispatch.connector.client.connection;

import io.slsdispatch.connector.client.control.ControlCalls;
import io.slsdispatch.connector.client.credentials.CredentialsSource;
import io.slsdispatch.connector.client.credentials.RequestCredentials;
import io.slsdispatch.connector.client.exchange.ServiceCalls;
import io.slsdispatch.connector.config.ConnectionConfig;
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
    private final ServiceCalls calls;
    private final ControlCalls control;
    private int users;

    private SharedConnection(ConnectionConfig config) {
        this.config = config;
        // Threads come with the first call: nothing is left behind when one of these throws.
        this.background = new BackgroundThreads("sls-client-" + COUNT.incrementAndGet());
        this.credentials = new RequestCredentials(CredentialsSource.of(config.credentials(), background), background);
        this.calls = ServiceCalls.open(config, credentials, background);
        this.control = new ControlCalls(config.endpoint(), calls, credentials);
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

    /** Pulls and puts. */
    ServiceCalls data() {
        return calls;
    }

    /** All other calls. */
    ControlCalls control() {
        return control;
    }

    RequestCredentials credentials() {
        return credentials;
    }
}
