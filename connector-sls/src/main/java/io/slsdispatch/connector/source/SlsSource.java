package io.slsdispatch.connector.source;

import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.DiscoveryConfig;
import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.config.PullConfig;
import io.slsdispatch.connector.config.ReadRetryConfig;
import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.record.RawLogGroupTypeInfo;
import io.slsdispatch.connector.source.enumerator.DeferredRestoreFailure;
import io.slsdispatch.connector.source.enumerator.EnumeratorState;
import io.slsdispatch.connector.source.enumerator.ShardEnumerator;
import io.slsdispatch.connector.source.reader.SlsSourceReader;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.connector.source.split.ShardSplitSerializer;
import java.time.Instant;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log groups of one SLS logstore, each at least once and unchanged; with checkpoints nothing is lost. The
 * {@code enumerator} package follows shards through splits and merges, the {@code reader} package pulls them.
 *
 * <p>Every record carries the time at which the service received it, in milliseconds, as its timestamp.
 *
 * <pre>{@code
 * SlsSource source = SlsSource.builder()
 *         .connection(connection)
 *         .logstore("my-project", "access-log")
 *         .start(new StartingPosition.Begin())
 *         .stop(new StoppingPosition.Now()) // without it, the job runs until it is cancelled
 *         .build();
 * }</pre>
 */
@PublicEvolving
public final class SlsSource
        implements Source<RawLogGroup, ShardSplit, EnumeratorState>, ResultTypeQueryable<RawLogGroup> {

    private static final long serialVersionUID = 1L;

    private final SlsClientFactory clients;
    private final SourceConfig config;

    private SlsSource(SlsClientFactory clients, SourceConfig config) {
        this.clients = clients;
        this.config = config;
    }

    /** Starts a source; {@link Builder#connection} and {@link Builder#logstore(String, String)} are required. */
    public static Builder builder() {
        return new Builder();
    }

    /** The options of the source. */
    public SourceConfig config() {
        return config;
    }

    @Override
    public Boundedness getBoundedness() {
        return config.stop() instanceof StoppingPosition.Never ? Boundedness.CONTINUOUS_UNBOUNDED : Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<RawLogGroup, ShardSplit> createReader(SourceReaderContext context) {
        return SlsSourceReader.create(config, clients, context);
    }

    @Override
    public SplitEnumerator<ShardSplit, EnumeratorState> createEnumerator(SplitEnumeratorContext<ShardSplit> context) {
        return ShardEnumerator.create(context, clients, config);
    }

    @Override
    public SplitEnumerator<ShardSplit, EnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<ShardSplit> context, EnumeratorState state) {
        return ShardEnumerator.restore(context, clients, config, state);
    }

    @Override
    public SimpleVersionedSerializer<ShardSplit> getSplitSerializer() {
        return new ShardSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<EnumeratorState> getEnumeratorCheckpointSerializer() {
        return new DeferredRestoreFailure.StateSerializer();
    }

    @Override
    public TypeInformation<RawLogGroup> getProducedType() {
        return RawLogGroupTypeInfo.INSTANCE;
    }

    /**
     * Builds an {@link SlsSource}. Connection and logstore are required; everything else has a default.
     *
     * <p>A null argument is a {@link NullPointerException} of the method that gets it, a missing required option one of
     * {@link #build()}; a value that is not allowed is an {@link IllegalArgumentException}; two options that exclude each
     * other are an {@link IllegalStateException}.
     */
    @PublicEvolving
    public static final class Builder {

        private @Nullable ConnectionConfig connection;
        private @Nullable SlsClientFactory clients;
        private @Nullable LogstoreId logstore;
        private @Nullable String consumerGroup;
        private StartingPosition start = new StartingPosition.Begin();
        private StoppingPosition stop = new StoppingPosition.Never();
        private ShardOrder order = ShardOrder.AFTER_READ;
        private ExpiredCursorPolicy onExpiredCursor = ExpiredCursorPolicy.FAIL;
        private DiscoveryConfig discovery = DiscoveryConfig.DEFAULT;
        private PullConfig pulls = PullConfig.DEFAULT;
        private ReadRetryConfig retries = ReadRetryConfig.DEFAULT;

        private Builder() {}

        /** How to reach the service. Required. */
        public Builder connection(ConnectionConfig config) {
            this.connection = Objects.requireNonNull(config, "connection");
            return this;
        }

        /** Clients of the service in place of those that a {@link #connection} makes. The factory travels in the job graph. */
        @Internal
        public Builder clients(SlsClientFactory factory) {
            this.clients = Objects.requireNonNull(factory, "clients");
            return this;
        }

        /** The logstore to read. Required. */
        public Builder logstore(String project, String name) {
            return logstore(new LogstoreId(project, name));
        }

        /** The logstore to read. Required. */
        public Builder logstore(LogstoreId id) {
            this.logstore = Objects.requireNonNull(id, "logstore");
            return this;
        }

        /** Where shards are begun that no state knows. Default: the beginning. */
        public Builder start(StartingPosition position) {
            this.start = Objects.requireNonNull(position, "start");
            return this;
        }

        /** Where a bounded run ends. Default: never. */
        public Builder stop(StoppingPosition position) {
            this.stop = Objects.requireNonNull(position, "stop");
            return this;
        }

        /**
         * Where progress is shown to the service after each completed checkpoint, so that its console and alarms see the
         * lag. The group is created when it is missing, also while the job runs. At the end of a bounded run the commit of the
         * last checkpoint is waited for, for 5 seconds at most. Default: nowhere.
         *
         * <p>Not for jobs with unaligned checkpoints: their barriers overtake groups on the way to the sinks, and may do so in
         * each checkpoint, so a completed one does not show that what the source emitted before it is delivered. The group
         * would be ahead of that, and who starts from it would skip groups. The source cannot see how a job takes checkpoints.
         */
        public Builder consumerGroup(@Nullable String name) {
            this.consumerGroup = name;
            return this;
        }

        /**
         * What the shards that a split or merge made wait for. Default: {@link ShardOrder#AFTER_READ}, as the source cannot see
         * whether the job takes checkpoints.
         */
        public Builder order(ShardOrder shards) {
            this.order = Objects.requireNonNull(shards, "order");
            return this;
        }

        /** What to do when unread groups are gone. Default: fail. */
        public Builder onExpiredCursor(ExpiredCursorPolicy policy) {
            this.onExpiredCursor = Objects.requireNonNull(policy, "onExpiredCursor");
            return this;
        }

        /** How the list of shards is kept up to date. Default: {@link DiscoveryConfig#DEFAULT}. */
        public Builder discovery(DiscoveryConfig config) {
            this.discovery = Objects.requireNonNull(config, "discovery");
            return this;
        }

        /** How a reader pulls. Default: {@link PullConfig#DEFAULT}. */
        public Builder pulls(PullConfig config) {
            this.pulls = Objects.requireNonNull(config, "pulls");
            return this;
        }

        /** How failed reads are repeated. Default: {@link ReadRetryConfig#DEFAULT}. */
        public Builder retries(ReadRetryConfig config) {
            this.retries = Objects.requireNonNull(config, "retries");
            return this;
        }

        /** All options but the {@link #connection} at once. */
        public Builder config(SourceConfig config) {
            return logstore(config.logstore())
                    .start(config.start())
                    .stop(config.stop())
                    .consumerGroup(config.consumerGroup())
                    .order(config.order())
                    .onExpiredCursor(config.onExpiredCursor())
                    .discovery(config.discovery())
                    .pulls(config.pulls())
                    .retries(config.retries());
        }

        /**
         * Makes the source; a start of {@link StartingPosition.End} becomes the present moment.
         *
         * @throws NullPointerException when connection or logstore is missing
         * @throws IllegalStateException when both a connection and clients are given
         * @throws IllegalArgumentException when options do not fit together
         */
        public SlsSource build() {
            if (connection != null && clients != null) {
                throw new IllegalStateException("connection(...) and clients(...) exclude each other");
            }
            SourceConfig config = new SourceConfig(
                    Objects.requireNonNull(logstore, "no logstore is given: call logstore(project, name)"),
                    start.frozenAt(Instant.now()),
                    stop,
                    consumerGroup,
                    order,
                    onExpiredCursor,
                    discovery,
                    pulls,
                    retries);
            return new SlsSource(clients == null ? new SlsClients(requireConnection()) : clients, config);
        }

        private ConnectionConfig requireConnection() {
            return Objects.requireNonNull(connection, "no connection is given: call connection(...)");
        }
    }
}
