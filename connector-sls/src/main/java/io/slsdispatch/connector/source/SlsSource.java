package io.slsdispatch.connector.source;

import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.record.RawLogGroupTypeInfo;
import io.slsdispatch.connector.source.enumerator.DeferredRestoreFailure;
import io.slsdispatch.connector.source.enumerator.EnumeratorState;
import io.slsdispatch.connector.source.enumerator.ShardEnumerator;
import io.slsdispatch.connector.source.reader.SlsSourceReader;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.connector.source.split.ShardSplitSerializer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Reads the log groups of one SLS logstore, each at least once and unchanged, and with checkpoints nothing is lost: see
 * the {@code enumerator} package for how shards are followed through splits and merges.
 *
 * <p>Every record carries the time at which the service received it, in milliseconds, as its timestamp.
 */
public final class SlsSource
        implements Source<RawLogGroup, ShardSplit, EnumeratorState>, ResultTypeQueryable<RawLogGroup> {

    private static final long serialVersionUID = 1L;

    private final SlsClientFactory clients;
    private final SourceConfig config;

    SlsSource(SlsClientFactory clients, SourceConfig config) {
        this.clients = clients;
        this.config = config;
    }

    public static SlsSourceBuilder builder() {
        return new SlsSourceBuilder();
    }

    /** What the source was told. */
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
}
