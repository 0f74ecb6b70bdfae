package io.slsdispatch.connector.client.sdk;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.ConnectionConfig;

/**
 * Makes clients of one connection. All clients that a process makes from equal connections share connections, threads
 * and credentials, which are there as long as one of these clients is open.
 *
 * @param connection how to reach the service
 */
public record SdkClients(ConnectionConfig connection) implements SlsClientFactory {

    @Override
    public SlsClient create() {
        throw new UnsupportedOperationException("not yet");
    }
}
