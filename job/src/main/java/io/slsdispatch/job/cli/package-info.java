/**
 * The command line: arguments, the plan, the check against the service, exit codes. No class here may use a class of
 * Flink, because {@code --help} and {@code --check} run without Flink; {@link io.slsdispatch.job.topology.JobStarter}
 * and {@link io.slsdispatch.job.savepoint.SavepointReader} are the interfaces whose implementations use Flink. Only
 * {@code Main} uses this package.
 */
@NullMarked
package io.slsdispatch.job.cli;

import org.jspecify.annotations.NullMarked;
