package io.slsdispatch.job.topology;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.rules.reload.ReplayProgress;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;

/** Where the topology begins and ends: the source, the sinks, and the progress between them. Tests bring their own. */
public interface Connectors {

    /** What brings the log groups. */
    Source<RawLogGroup, ?, ?> source(JobConfig.Source source);

    /** How far the source is delivered. Asked where rules are reloaded, and then there is a consumer group. */
    ReplayProgress progress(JobConfig.Source source);

    /** What takes the log groups of a target. */
    Sink<RawLogGroup> sink(JobConfig.Target target);
}
