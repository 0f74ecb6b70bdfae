package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.sink.SinkMetrics;
import io.slsdispatch.connector.sink.TaskThread;
import io.slsdispatch.connector.sink.dynamic.DynamicSinkWriter.Access;
import io.slsdispatch.connector.task.GuardedTasks;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.connector.wire.ZstdFrames;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.jspecify.annotations.Nullable;

/**
 * A Flink sink that writes log groups to many logstores of one project, bytes unchanged, at least once. The name of the
 * logstore comes with each group, see {@link AddressedLogGroup}. Each logstore has its own order, rate, circuit
 * breaker, retries and dead letters; all of them share the memory of the writer. A checkpoint completes only after
 * every group before its barrier is settled. The sink has no state, so it can be added and removed between savepoints.
 *
 * <p>Logstores that do not exist are created if the configuration says so, see {@link DynamicSinkConfig.WhenMissing}.
 * Existing logstores are never changed, and projects are never created.
 *
 * <p>A group that does not reach its logstore may go to another target ({@link DynamicSinkConfig.SecondWay}). A Flink
 * sink cannot send it to another sink, so each writer of this sink writes to that target itself, over a connection and
 * with limits of its own: they come on top of those of that target's sink.
 */
@PublicEvolving
public final class DynamicSlsSink implements Sink<AddressedLogGroup> {

    /** How much later than its time-out a client may end a request. */
    private static final Duration GRACE_OF_CLIENTS = Duration.ofSeconds(10);

    private static final int IDLE_SECONDS = 10;

    private final DynamicSinkConfig config;
    private final SlsClientFactory clients;
    private final Duration deadline;

    private DynamicSlsSink(DynamicSinkConfig config, SlsClientFactory clients, Duration deadline) {
        this.config = config;
        this.clients = clients;
        this.deadline = deadline;
    }

    /** Starts a sink; {@link Builder#connection} and {@link Builder#config} are required. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public SinkWriter<AddressedLogGroup> createWriter(WriterInitContext context) {
        if (config.delivery().compression().kind() == Compression.ZSTD) {
            ZstdFrames.require("Target '" + config.name() + "'");
        }
        TaskThread thread = TaskThread.of(context);
        SlsClient client = clients.create();
        // Dead letters carry this time, and writers take turns by it.
        InstantSource clock = () -> Instant.now().plus(client.clockOffset());
        SinkMetrics metrics = new SinkMetrics(context.metricGroup(), thread.nanoClock());
        metrics.clockCorrection(client::clockOffset);
        metrics.credentialsExpiration(client::credentialsExpiration, clock);
        metrics.credentialsFailures(client::credentialsFailures);
        ThreadPoolExecutor calls = calls();
        return new DynamicSinkWriter(
                config,
                new Access(
                        client,
                        connection -> new SlsClients(connection).create(),
                        deadline,
                        clock,
                        calls,
                        calls::shutdownNow),
                thread,
                new CreationRules(
                        context.getTaskInfo().getIndexOfThisSubtask(),
                        context.getTaskInfo().getNumberOfParallelSubtasks(),
                        config.maxLogstores()),
                metrics);
    }

    /** One thread for calls that block; it ends when there are none. */
    private static ThreadPoolExecutor calls() {
        ThreadPoolExecutor calls = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                GuardedTasks.threads("sls-logstores"));
        calls.allowCoreThreadTimeOut(true);
        return calls;
    }

    /** Builds a {@link DynamicSlsSink}. A null argument throws a {@link NullPointerException}. */
    @PublicEvolving
    public static final class Builder {

        private @Nullable ConnectionConfig connection;
        private @Nullable SlsClientFactory clients;
        private @Nullable DynamicSinkConfig config;

        private Builder() {}

        /** The connection to the service. Required. */
        public Builder connection(ConnectionConfig to) {
            this.connection = Objects.requireNonNull(to, "connection");
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

        /** All options except the connection. Required. */
        public Builder config(DynamicSinkConfig options) {
            this.config = Objects.requireNonNull(options, "config");
            return this;
        }

        /**
         * Builds the sink.
         *
         * @throws NullPointerException when connection or config is missing
         * @throws IllegalStateException when both a connection and clients are given
         */
        public DynamicSlsSink build() {
            if (connection != null && clients != null) {
                throw new IllegalStateException("connection(...) and clients(...) are mutually exclusive");
            }
            DynamicSinkConfig options = Objects.requireNonNull(config, "no config is given: call config(...)");
            if (clients != null) {
                return new DynamicSlsSink(
                        options,
                        clients,
                        ConnectionConfig.Network.DEFAULT.requestTimeout().plus(GRACE_OF_CLIENTS));
            }
            ConnectionConfig service =
                    Objects.requireNonNull(connection, "no connection is given: call connection(...)");
            return new DynamicSlsSink(
                    options,
                    new SlsClients(service),
                    service.network().requestTimeout().plus(GRACE_OF_CLIENTS));
        }
    }
}
