/**
 * What flows in the source now, and where rules would send it, without a cluster and without changes: {@link
 * io.slsdispatch.job.preview.SourceSampler} reads a bounded sample, {@link io.slsdispatch.job.preview.Preview} applies
 * the rules to it with the matcher of the job. Uses no consumer group. Uses the connector's client and wire format,
 * rules and configuration; only the commands use it. Does not use Flink.
 */
@NullMarked
package io.slsdispatch.job.preview;

import org.jspecify.annotations.NullMarked;
