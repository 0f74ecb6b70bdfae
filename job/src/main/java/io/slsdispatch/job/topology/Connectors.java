package io.slsdispatch.job.topology;

import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.rules.reload.ReplayProgress;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;

/** Factory of the source and the sinks of the topology, and of the progress between them. Tests provide their own. */
public interface Connectors {

    /** Creates the source of log groups. */
    Source<RawLogGroup, ?, ?> source(JobConfig.Source source);

    /**
     * Creates the progress of the source's delivery. Called only when rules are reloaded, and then there is a consumer
     * group.
     */
    ReplayProgress progress(JobConfig.Source source);

    /** Creates the sink for the log groups of a target. */
    Sink<RawLogGroup> sink(JobConfig.Target target);

    /** Creates the sink for the log groups of a target by template. */
    Sink<AddressedLogGroup> sink(JobConfig.Template target);
}
