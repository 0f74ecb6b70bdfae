/**
 * Flink source for SLS logstores: {@link io.slsdispatch.connector.source.SlsSource} and its builder are the public API.
 * {@code enumerator} runs once in the JobManager and assigns shards to readers. {@code reader} runs in each subtask and
 * reads its shards. {@code split} contains the events between the two and the serialized form of their state.
 */
@NullMarked
package io.slsdispatch.connector.source;

import org.jspecify.annotations.NullMarked;
