/**
 * Writes log groups to a target logstore, at least once: {@link io.slsdispatch.connector.sink.SlsSink} is what a job
 * uses, {@code SlsSinkWriter} does the work in each subtask.
 */
@NullMarked
package io.slsdispatch.connector.sink;

import org.jspecify.annotations.NullMarked;
