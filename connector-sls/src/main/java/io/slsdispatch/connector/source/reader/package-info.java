/**
 * Source reader: runs in each subtask, pulls the assigned shards and emits their groups. In the order of the data flow:
 * {@code ShardSplitReader} sends requests without a thread per shard, {@code ShardPuller} decides the next action for
 * one shard and interprets the response, {@code PulledRecords} passes a pulled batch on group by group, and {@code
 * LogGroupEmitter} emits each as a record and then advances the position. {@code CursorCommitter} commits progress to
 * the consumer group. Never imports {@code enumerator}; shared types are in {@code split}.
 */
@NullMarked
package io.slsdispatch.connector.source.reader;

import org.jspecify.annotations.NullMarked;
