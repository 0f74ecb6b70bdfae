/**
 * The source as its user sees it: {@link io.slsdispatch.connector.source.SlsSource} and its builder. Behind it,
 * {@code enumerator} runs once in the JobManager and decides which shard is read when and by whom, {@code reader} runs in
 * each subtask and reads, and {@code split} holds what the two tell each other and what they keep in state.
 */
@NullMarked
package io.slsdispatch.connector.source;

import org.jspecify.annotations.NullMarked;
