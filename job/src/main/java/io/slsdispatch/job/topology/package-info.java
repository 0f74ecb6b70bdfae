/**
 * The Flink job as a whole: {@link io.slsdispatch.job.topology.DistributionTopology} joins source, dispatcher and sinks
 * in the order in which the data goes, and a
 * {@link io.slsdispatch.job.topology.JobStarter} starts it. Uses every package but the commands.
 */
@NullMarked
package io.slsdispatch.job.topology;

import org.jspecify.annotations.NullMarked;
