/**
 * The Flink sink: writes log groups to a target logstore, at least once. {@link io.slsdispatch.connector.sink.SlsSink}
 * is the public class that a job uses; {@code SlsSinkWriter} writes in each subtask.
 */
@NullMarked
package io.slsdispatch.connector.sink;

import org.jspecify.annotations.NullMarked;
