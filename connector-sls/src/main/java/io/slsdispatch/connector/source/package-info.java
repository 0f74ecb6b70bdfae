/**
 * The source as its user sees it: {@link io.slsdispatch.connector.source.SlsSource} and its builder. Behind it,
 * {@code enumerator} runs once in the JobManager and decides which shard is read when and by whom, {@code reader} runs in
 * each subtask and reads, and {@code split} holds the events between the two and the form of their state.
 */
@NullMarked
package io.slsdispatch.connector.source;

import org.jspecify.annotations.NullMarked;
