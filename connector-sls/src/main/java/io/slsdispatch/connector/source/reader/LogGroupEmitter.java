package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.metrics.ReaderMetrics;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.source.reader.PulledRecords.PulledGroup;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.base.source.reader.RecordEmitter;

/** Emits a group, then advances the position of its shard. Task thread. */
final class LogGroupEmitter implements RecordEmitter<PulledGroup, RawLogGroup, ShardSplitState> {

    private final ReaderMetrics metrics;

    LogGroupEmitter(ReaderMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void emitRecord(PulledGroup pulled, SourceOutput<RawLogGroup> output, ShardSplitState shard) {
        RawLogGroup group = pulled.group();
        if (group != null) {
            if (pulled.receivedAtMillis() == PulledGroup.NO_TIME) {
                output.collect(group);
            } else {
                output.collect(group, pulled.receivedAtMillis());
                shard.receivedAt(pulled.receivedAtMillis());
            }
            metrics.emitted(group.length());
            shard.metrics().emitted(group.length());
        }
        shard.moveTo(pulled.cursor(), pulled.emitted());
    }
}
