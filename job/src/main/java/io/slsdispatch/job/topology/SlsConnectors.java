package io.slsdispatch.job.topology;

import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.sink.SlsSink;
import io.slsdispatch.connector.sink.dynamic.DynamicSlsSink;
import io.slsdispatch.connector.source.SlsSource;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.rules.reload.ConsumerGroupProgress;
import io.slsdispatch.job.rules.reload.ReplayProgress;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;

/** Connectors to the service for both the source and the sinks. */
public final class SlsConnectors implements Connectors {

    @Override
    public Source<RawLogGroup, ?, ?> source(JobConfig.Source source) {
        return SlsSource.builder()
                .connection(source.connection())
                .config(source.config())
                .build();
    }

    @Override
    public ReplayProgress progress(JobConfig.Source source) {
        String group = source.config().consumerGroup();
        if (group == null) {
            throw new IllegalArgumentException("'rules.from' requires 'source.consumer-group'");
        }
        return new ConsumerGroupProgress(source.connection(), source.config().logstore(), group);
    }

    @Override
    public Sink<RawLogGroup> sink(JobConfig.Target target) {
        return SlsSink.builder()
                .connection(target.connection())
                .config(target.config())
                .build();
    }

    @Override
    public Sink<AddressedLogGroup> sink(JobConfig.Template target) {
        return DynamicSlsSink.builder()
                .connection(target.connection())
                .config(target.config())
                .build();
    }
}
