package io.slsdispatch.connector.source;

import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.CompressionConfig;
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
 * Flink source that reads the log groups of one SLS logstore. With checkpoints, each group is delivered at least once
 * and unchanged. The {@code enumerator} package follows shards through splits and merges, the {@code reader} package
 * pulls them.
 *
 * <p>The timestamp of each record is the time at which the service received the group, in milliseconds.
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

    /** Returns a builder. {@link Builder#connection} and {@link Builder#logstore(String, String)} are required. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the options of the source. */
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
     * Builder of an {@link SlsSource}. Connection and logstore are required; all other options have a default.
     *
     * <p>A null argument causes a {@link NullPointerException} in the method that receives it, a missing required
     * option one in {@link #build()}. A value that is not allowed causes an {@link IllegalArgumentException}. Two
     * options that exclude each other cause an {@link IllegalStateException}.
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
        private CompressionConfig packing = CompressionConfig.LZ4;

        private Builder() {}

        /** Sets the connection to the service. Required. */
        public Builder connection(ConnectionConfig config) {
            this.connection = Objects.requireNonNull(config, "connection");
            return this;
        }

        /** Sets a client factory, used instead of {@link #connection}. The factory is serialized with the job graph. */
        @Internal
        public Builder clients(SlsClientFactory factory) {
            this.clients = Objects.requireNonNull(factory, "clients");
            return this;
        }

        /** Sets the logstore to read. Required. */
        public Builder logstore(String project, String name) {
            return logstore(new LogstoreId(project, name));
        }

        /** Sets the logstore to read. Required. */
        public Builder logstore(LogstoreId id) {
            this.logstore = Objects.requireNonNull(id, "logstore");
            return this;
        }

        /** Sets the start of shards that no restored state contains. Default: the beginning. */
        public Builder start(StartingPosition position) {
            this.start = Objects.requireNonNull(position, "start");
            return this;
        }

        /** Sets the stop of a bounded run. Default: none; the source is unbounded. */
        public Builder stop(StoppingPosition position) {
            this.stop = Objects.requireNonNull(position, "stop");
            return this;
        }

        /**
         * Sets the consumer group to which readers commit their cursors after each completed checkpoint, so that the
         * console and alarms of the service show the lag. A missing group is created, also while the job runs. At the
         * end of a bounded run the reader waits up to 5 seconds for the commit of the last checkpoint. Default: no
         * group.
         *
         * <p>Do not set a group in jobs with unaligned checkpoints. Their barriers can overtake groups on the way to
         * the sinks, so a completed checkpoint does not show that all groups emitted before it are delivered. The
         * committed cursor would be ahead of delivery, and a consumer that starts from the group would skip groups. The
         * source cannot see whether checkpoints are unaligned.
         */
        public Builder consumerGroup(@Nullable String name) {
            this.consumerGroup = name;
            return this;
        }

        /**
         * Sets when the children of a split or merge are read. Default: {@link ShardOrder#AFTER_READ}, because the
         * source cannot see whether the job takes checkpoints.
         */
        public Builder order(ShardOrder shards) {
            this.order = Objects.requireNonNull(shards, "order");
            return this;
        }

        /** Sets what happens when unread groups are gone. Default: the job fails. */
        public Builder onExpiredCursor(ExpiredCursorPolicy policy) {
            this.onExpiredCursor = Objects.requireNonNull(policy, "onExpiredCursor");
            return this;
        }

        /** Sets how shards are discovered. Default: {@link DiscoveryConfig#DEFAULT}. */
        public Builder discovery(DiscoveryConfig config) {
            this.discovery = Objects.requireNonNull(config, "discovery");
            return this;
        }

        /** Sets how readers pull. Default: {@link PullConfig#DEFAULT}. */
        public Builder pulls(PullConfig config) {
            this.pulls = Objects.requireNonNull(config, "pulls");
            return this;
        }

        /** Sets how failed reads are retried. Default: {@link ReadRetryConfig#DEFAULT}. */
        public Builder retries(ReadRetryConfig config) {
            this.retries = Objects.requireNonNull(config, "retries");
            return this;
        }

        /**
         * Sets how the groups are compressed on the way to the sinks. Set the compression that all sinks use: a sink
         * compresses groups again that are packed in another way. Default: {@link CompressionConfig#LZ4}.
         */
        public Builder packing(CompressionConfig config) {
            this.packing = Objects.requireNonNull(config, "packing");
            return this;
        }

        /** Sets all options except {@link #connection} at once. */
        public Builder config(SourceConfig config) {
            return logstore(config.logstore())
                    .start(config.start())
                    .stop(config.stop())
                    .consumerGroup(config.consumerGroup())
                    .order(config.order())
                    .onExpiredCursor(config.onExpiredCursor())
                    .discovery(config.discovery())
                    .pulls(config.pulls())
                    .retries(config.retries())
                    .packing(config.packing());
        }

        /**
         * Creates the source. A start of {@link StartingPosition.End} becomes the present time.
         *
         * @throws NullPointerException if connection or logstore is missing
         * @throws IllegalStateException if both a connection and a client factory are set
         * @throws IllegalArgumentException if options contradict each other
         */
        public SlsSource build() {
            if (connection != null && clients != null) {
                throw new IllegalStateException("connection(...) and clients(...) are mutually exclusive");
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
                    retries,
                    packing);
            return new SlsSource(clients == null ? new SlsClients(requireConnection()) : clients, config);
        }

        private ConnectionConfig requireConnection() {
            return Objects.requireNonNull(connection, "no connection is given: call connection(...)");
        }
    }
}
