/**
 * Runs once per source, in the JobManager: finds shards, decides which is read when and by which reader, and keeps in
 * state which exist and which are finished. In the order of a shard's life: {@code ShardDiscovery} lists shards and looks
 * up where each starts, {@code ShardTracker} knows which exist and which may be read, {@code ShardAssignments} which
 * reader has which, {@code PendingFinishes} holds a finish until a completed checkpoint has it, and {@code FinishedShards}
 * remembers it forever. Never imports {@code reader}; what the two share is in {@code split}.
 */
@NullMarked
package io.slsdispatch.connector.source.enumerator;

import org.jspecify.annotations.NullMarked;
