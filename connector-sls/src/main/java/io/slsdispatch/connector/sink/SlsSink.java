package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.LogstoreScope;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.connector.wire.ZstdFrames;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.jspecify.annotations.Nullable;

/**
 * A Flink sink that writes log groups to one logstore, bytes unchanged, at least once: a checkpoint completes only
 * after the service has acknowledged every group before its barrier. The sink has no state, so targets can be added and
 * removed between savepoints.
 *
 * <pre>{@code
 * SlsSink sink = SlsSink.builder()
 *         .connection(connection)
 *         .logstore("my-project", "greetings")
 *         .build();
 * }</pre>
 */
@PublicEvolving
public final class SlsSink implements Sink<RawLogGroup> {

    /** How much later than its time-out a client may end a request. */
    private static final Duration GRACE_OF_CLIENTS = Duration.ofSeconds(10);

    private final SinkConfig config;
    private final SlsClientFactory clients;
    private final Duration deadline;

    private SlsSink(SinkConfig config, SlsClientFactory clients, Duration deadline) {
        this.config = config;
        this.clients = clients;
        this.deadline = deadline;
    }

    /** Starts a sink; {@link Builder#connection} and {@link Builder#logstore(String, String)} are required. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public SinkWriter<RawLogGroup> createWriter(WriterInitContext context) {
        if (config.delivery().compression().kind() == Compression.ZSTD) {
            ZstdFrames.require("Target '" + config.name() + "'");
        }
        TaskThread thread = TaskThread.of(context);
        SinkMetrics metrics = new SinkMetrics(context.metricGroup(), thread.nanoClock());
        SlsClient client = clients.create();
        // Dead letters carry this time: a clock that is wrong must not make it differ from the service's.
        InstantSource clock = () -> Instant.now().plus(client.clockOffset());
        metrics.clockCorrection(client::clockOffset);
        metrics.credentialsExpiration(client::credentialsExpiration, clock);
        metrics.credentialsFailures(client::credentialsFailures);
        return new SlsSinkWriter(config, client, deadline, thread, clock, metrics);
    }

    /**
     * Builds an {@link SlsSink}. Connection and logstore are required; everything else has a default.
     *
     * <p>A null argument throws a {@link NullPointerException} from the method that gets it, a missing required option
     * throws one from {@link #build()}; a value that is not allowed throws an {@link IllegalArgumentException}; two
     * options that exclude each other throw an {@link IllegalStateException}.
     */
    @PublicEvolving
    public static final class Builder {

        private @Nullable ConnectionConfig connection;
        private @Nullable SlsClientFactory clients;
        private @Nullable LogstoreId logstore;
        private @Nullable String name;
        private @Nullable LogstoreScope scope;
        private SinkConfig.Delivery delivery = SinkConfig.Delivery.DEFAULT;
        private RetryPolicy retries = RetryPolicy.DEFAULT;
        private SinkConfig.OnReject onReject = SinkConfig.OnReject.FAIL;
        private SinkConfig.Outage outage = SinkConfig.Outage.BLOCK;
        private SinkConfig.@Nullable DeadLetterStore deadLetters;
        private Duration drainWithin = SinkConfig.DEFAULT_DRAIN;

        private Builder() {}

        /** The connection to the service. Required. */
        public Builder connection(ConnectionConfig config) {
            this.connection = Objects.requireNonNull(config, "connection");
            return this;
        }

        /**
         * Creates the clients of the service, instead of a {@link #connection}. The factory is part of the job graph.
         */
        @Internal
        public Builder clients(SlsClientFactory factory) {
            this.clients = Objects.requireNonNull(factory, "clients");
            return this;
        }

        /** The logstore to write to. Required. */
        public Builder logstore(String project, String name) {
            return logstore(new LogstoreId(project, name));
        }

        /** The logstore to write to. Required. */
        public Builder logstore(LogstoreId id) {
            this.logstore = Objects.requireNonNull(id, "logstore");
            return this;
        }

        /** The name of the target in messages. Default: the names of its project and logstore. */
        public Builder name(String target) {
            this.name = Objects.requireNonNull(target, "name");
            return this;
        }

        /** Distinguishes the target from other logstores of equal project and name. Default: there are none. */
        public Builder scope(@Nullable LogstoreScope of) {
            this.scope = of;
            return this;
        }

        /** Order, batching and limits of the requests. Default: {@link SinkConfig.Delivery#DEFAULT}. */
        public Builder delivery(SinkConfig.Delivery config) {
            this.delivery = Objects.requireNonNull(config, "delivery");
            return this;
        }

        /** How failed writes are retried. Default: {@link RetryPolicy#DEFAULT}. */
        public Builder retries(RetryPolicy policy) {
            this.retries = Objects.requireNonNull(policy, "retries");
            return this;
        }

        /** What happens to a group that the target never accepts. Default: the job fails. */
        public Builder onReject(SinkConfig.OnReject policy) {
            this.onReject = Objects.requireNonNull(policy, "onReject");
            return this;
        }

        /** What happens while the target accepts nothing at all. Default: groups wait. */
        public Builder outage(SinkConfig.Outage config) {
            this.outage = Objects.requireNonNull(config, "outage");
            return this;
        }

        /**
         * The dead-letter logstore for groups that are not delivered: with one of the policies {@code DEAD_LETTER}, and
         * only then.
         */
        public Builder deadLetters(SinkConfig.@Nullable DeadLetterStore store) {
            this.deadLetters = store;
            return this;
        }

        /** How long a checkpoint may wait for pending requests. Default: {@link SinkConfig#DEFAULT_DRAIN}. */
        public Builder drainWithin(Duration time) {
            this.drainWithin = Objects.requireNonNull(time, "drainWithin");
            return this;
        }

        /** Sets all options except the {@link #connection} at once. */
        public Builder config(SinkConfig config) {
            return name(config.name())
                    .logstore(config.logstore())
                    .scope(config.scope())
                    .delivery(config.delivery())
                    .retries(config.retry())
                    .onReject(config.onReject())
                    .outage(config.outage())
                    .deadLetters(config.deadLetters())
                    .drainWithin(config.drainWithin());
        }

        /**
         * Builds the sink.
         *
         * @throws NullPointerException when connection or logstore is missing
         * @throws IllegalStateException when both a connection and clients are given
         * @throws IllegalArgumentException when the combination of options is invalid
         */
        public SlsSink build() {
            if (connection != null && clients != null) {
                throw new IllegalStateException("connection(...) and clients(...) are mutually exclusive");
            }
            LogstoreId target = Objects.requireNonNull(logstore, "no logstore is given: call logstore(project, name)");
            SinkConfig config = new SinkConfig(
                    name == null ? target.toString() : name,
                    target,
                    scope,
                    delivery,
                    retries,
                    onReject,
                    outage,
                    deadLetters,
                    drainWithin);
            if (clients != null) {
                return new SlsSink(
                        config,
                        clients,
                        ConnectionConfig.Network.DEFAULT.requestTimeout().plus(GRACE_OF_CLIENTS));
            }
            ConnectionConfig service =
                    Objects.requireNonNull(connection, "no connection is given: call connection(...)");
            return new SlsSink(
                    config,
                    new SlsClients(service),
                    service.network().requestTimeout().plus(GRACE_OF_CLIENTS));
        }
    }
}
