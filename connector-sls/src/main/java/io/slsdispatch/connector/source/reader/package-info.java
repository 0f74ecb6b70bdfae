/**
 * Runs in each subtask: pulls the shards that it was given and emits their groups. In the order of the data:
 * {@code ShardSplitReader} asks the service without holding a thread per shard, {@code ShardPuller} decides what is to be
 * done next for one shard and what an answer means, {@code PulledRecords} hands a pulled batch over group by group, and
 * {@code LogGroupEmitter} emits each as a record and then moves the position. {@code CursorCommitter} reports progress to
 * the consumer group. Never imports {@code enumerator}; what the two share is in {@code split}.
 */
@NullMarked
package io.slsdispatch.connector.source.reader;

import org.jspecify.annotations.NullMarked;
