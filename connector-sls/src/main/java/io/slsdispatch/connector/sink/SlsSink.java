package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.model.RawLogGroup;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes log groups to one logstore, bytes unchanged, at least once: a checkpoint passes only after the service has
 * acknowledged every group before its barrier. The sink has no state, so targets can come and go between savepoints.
 */
public final class SlsSink implements Sink<RawLogGroup> {

    /** How much later than promised a client may end a request. */
    private static final Duration GRACE_OF_CLIENTS = Duration.ofSeconds(10);

    private final SinkConfig config;
    private final SlsClientFactory clients;
    private final Duration deadline;

    private SlsSink(SinkConfig config, SlsClientFactory clients, Duration deadline) {
        this.config = config;
        this.clients = clients;
        this.deadline = deadline;
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public SinkWriter<RawLogGroup> createWriter(WriterInitContext context) {
        TaskThread thread = TaskThread.of(context);
        SinkMetrics metrics = new SinkMetrics(context.metricGroup(), thread.nanoClock());
        InstantSource clock = InstantSource.system();
        SlsClient client = clients.create();
        metrics.credentialsExpiration(client::credentialsExpiration, clock);
        metrics.credentialsFailures(client::credentialsFailures);
        return new SlsSinkWriter(config, client, deadline, thread, clock, metrics);
    }

    /** Both {@link #target} and one of {@link #connection} and {@link #clients} are needed. */
    public static final class Builder {

        private @Nullable SinkConfig config;
        private @Nullable SlsClientFactory clients;
        private Duration requestTimeout = ConnectionConfig.Network.DEFAULT.requestTimeout();

        private Builder() {}

        /** Where to write, and how. */
        public Builder target(SinkConfig config) {
            this.config = config;
            return this;
        }

        /** How to reach the service. */
        public Builder connection(ConnectionConfig connection) {
            return clients(new SlsClients(connection))
                    .requestTimeout(connection.network().requestTimeout());
        }

        /** Clients of the service, instead of a {@link #connection}. */
        public Builder clients(SlsClientFactory clients) {
            this.clients = clients;
            return this;
        }

        /**
         * How long the clients give a request; a request that they have not ended some seconds later is taken as failed
         * nevertheless. Default: 30 seconds, or what the {@link #connection} says.
         */
        public Builder requestTimeout(Duration requestTimeout) {
            this.requestTimeout = requestTimeout;
            return this;
        }

        public SlsSink build() {
            return new SlsSink(
                    Objects.requireNonNull(config, "target() is missing"),
                    Objects.requireNonNull(clients, "connection() is missing"),
                    requestTimeout.plus(GRACE_OF_CLIENTS));
        }
    }
}
