/**
 * The contents of savepoints: the operator ids and state names of the job
 * ({@link io.slsdispatch.job.savepoint.OperatorIds}), how to read a savepoint, and whether a savepoint of an older
 * configuration can be restored with a newer one. Only {@link io.slsdispatch.job.savepoint.FlinkSavepointReader} uses
 * Flink. Uses rules and configuration; the dispatcher, the topology and the commands use it.
 */
@NullMarked
package io.slsdispatch.job.savepoint;

import org.jspecify.annotations.NullMarked;
