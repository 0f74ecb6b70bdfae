/**
 * The put engine: writes to one logstore, without Flink. {@link io.slsdispatch.connector.put.PutEngine} sends items in
 * batches, limits the rate, retries, finds the group at fault in a refused list, and stops sending while the target
 * accepts nothing. The owner provides the thread, timers, clock, buffer and metrics ({@link
 * io.slsdispatch.connector.put.PutContext}). The differences between the sink, its dead letters and {@code redrive} are
 * in a {@link io.slsdispatch.connector.put.PutPolicy}. The engine never blocks.
 *
 * <p>Depends on the client, the configuration and the model; the sink and the job depend on it.
 */
@NullMarked
package io.slsdispatch.connector.put;

import org.jspecify.annotations.NullMarked;
