/**
 * The Flink job as a whole: {@link io.slsdispatch.job.topology.DistributionTopology} connects source, dispatcher and
 * sinks, and a {@link io.slsdispatch.job.topology.JobStarter} starts the job. Uses every package except the commands.
 */
@NullMarked
package io.slsdispatch.job.topology;

import org.jspecify.annotations.NullMarked;
