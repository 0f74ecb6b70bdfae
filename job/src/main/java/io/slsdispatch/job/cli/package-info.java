/**
 * What a person at a terminal sees: arguments, the plan, the check against the service, exit codes. Nothing here may
 * touch a class of Flink, since {@code --help} and {@code --check} run where there is no Flink;
 * {@link io.slsdispatch.job.topology.JobStarter} and {@link io.slsdispatch.job.savepoint.SavepointReader} are the interfaces
 * behind which Flink begins. Nothing but {@code Main} uses this package.
 */
@NullMarked
package io.slsdispatch.job.cli;

import org.jspecify.annotations.NullMarked;
