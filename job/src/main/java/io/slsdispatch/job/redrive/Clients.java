package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.ConnectionConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Pool of clients, one for each connection to the service. Not thread-safe. */
final class Clients implements AutoCloseable {

    private final Function<ConnectionConfig, SlsClientFactory> factories;
    private final Map<ConnectionConfig, SlsClient> clients = new HashMap<>();

    Clients(Function<ConnectionConfig, SlsClientFactory> factories) {
        this.factories = factories;
    }

    SlsClient of(ConnectionConfig connection) {
        return clients.computeIfAbsent(connection, key -> factories.apply(key).create());
    }

    @Override
    public void close() {
        clients.values().forEach(SlsClient::close);
    }
}
