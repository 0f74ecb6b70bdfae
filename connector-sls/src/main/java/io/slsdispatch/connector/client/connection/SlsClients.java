package io.slsdispatch.connector.client.connection;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.ConnectionConfig;
import org.apache.flink.annotation.Internal;

/**
 * Creates clients of one connection. All clients that a process creates from equal connections share connections,
 * threads and credentials, which exist as long as one of these clients is open.
 *
 * @param connection how to reach the service
 */
@Internal
public record SlsClients(ConnectionConfig connection) implements SlsClientFactory {

    /**
     * Creates a client. Makes no request: if credentials cannot be read or fetched, the first request fails.
     *
     * @throws IllegalArgumentException when the CA file cannot be read
     * @throws IllegalStateException when an environment variable is missing, for the credentials or the proxy; the
     *     message names it and the process
     */
    @Override
    public SlsClient create() {
        return new DefaultSlsClient(
                SharedConnection.acquire(connection), connection.network().requestTimeout());
    }
}
