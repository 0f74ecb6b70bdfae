package io.slsdispatch.connector.client.connection;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.ConnectionConfig;
import org.apache.flink.annotation.Internal;

/**
 * Makes clients of one connection. All clients that a process makes from equal connections share connections, threads
 * and credentials, which are there as long as one of these clients is open.
 *
 * @param connection how to reach the service
 */
@Internal
public record SlsClients(ConnectionConfig connection) implements SlsClientFactory {

    /**
     * A new client. Makes no request: credentials that cannot be had from a file or an address show in the first one.
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
