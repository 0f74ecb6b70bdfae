/**
 * The Flink job as a whole: {@link io.slsdispatch.job.topology.DistributionTopology} joins source, dispatcher and sinks
 * in the order in which the data goes.
 */
@NullMarked
package io.slsdispatch.job.topology;

import org.jspecify.annotations.NullMarked;
