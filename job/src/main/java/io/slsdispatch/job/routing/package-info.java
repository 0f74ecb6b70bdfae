/**
 * Which log group goes where. {@link io.slsdispatch.job.routing.RouteTable} is what the configuration says, checked;
 * {@link io.slsdispatch.job.routing.Router} is the same made ready for millions of groups. Plain Java: Flink, the files
 * that rules come from and the way to the service are unknown here.
 */
@NullMarked
package io.slsdispatch.job.routing;

import org.jspecify.annotations.NullMarked;
