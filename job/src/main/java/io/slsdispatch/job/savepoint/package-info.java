/**
 * What savepoints know of the job: the ids of its operators and the names of its states
 * ({@link io.slsdispatch.job.savepoint.OperatorIds}), how a savepoint is read, and whether one of an older configuration can
 * be restored with a newer one. Flink is used by {@link io.slsdispatch.job.savepoint.FlinkSavepointReader} only. Uses rules
 * and configuration; the dispatcher, the topology and the commands use it.
 */
@NullMarked
package io.slsdispatch.job.savepoint;

import org.jspecify.annotations.NullMarked;
