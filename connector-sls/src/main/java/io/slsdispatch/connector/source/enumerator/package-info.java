/**
 * Split enumerator of the source. Runs once per source in the JobManager: discovers shards, assigns them to readers,
 * and keeps in its state which shards exist and which are finished. In the order of a shard's life: {@code
 * ShardDiscovery} lists shards and looks up their starts, {@code ShardTracker} records which exist and which may be
 * read, {@code ShardAssignments} records the reader of each, {@code PendingFinishes} holds a finish until a completed
 * checkpoint contains it, and {@code FinishedShards} records it permanently. Never imports {@code reader}; shared types
 * are in {@code split}.
 */
@NullMarked
package io.slsdispatch.connector.source.enumerator;

import org.jspecify.annotations.NullMarked;
