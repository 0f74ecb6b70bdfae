/**
 * Writes to one logstore, without Flink: {@link io.slsdispatch.connector.put.PutEngine} sends items in batches, limits the
 * rate, retries, finds the group at fault in a refused list, and stops sending while the target takes nothing. Thread, timers,
 * clock, buffer and metrics are handed in ({@link io.slsdispatch.connector.put.PutContext}); what differs between the sink,
 * its dead letters and {@code redrive} is a {@link io.slsdispatch.connector.put.PutPolicy}. The engine never blocks.
 *
 * <p>Depends on the client, the configuration and the model; the sink and the job depend on it.
 */
@NullMarked
package io.slsdispatch.connector.put;

import org.jspecify.annotations.NullMarked;
