package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;

/** What an answer brought for the task thread. */
sealed interface PullResult {

    /** Nothing that the task thread must know. */
    record Nothing() implements PullResult {}

    /**
     * Groups to be emitted.
     *
     * @param cursor what the batch was pulled from
     * @param skip how many of its groups are passed over, fewer than there are
     */
    record Emit(String cursor, PulledBatch batch, GroupIndex index, int skip) implements PullResult {}

    /** The shard stands at another place without a group in between. */
    record Move(Position position) implements PullResult {}
}
