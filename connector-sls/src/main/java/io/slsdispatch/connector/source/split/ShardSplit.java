package io.slsdispatch.connector.source.split;

import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceSplit;
import org.jspecify.annotations.Nullable;

/**
 * One shard to be read from a position on. Whether the shard still takes writes is not part of it, since that changes
 * while a split lies in a checkpoint: readers are told.
 *
 * @param logstore where the shard is
 * @param shard its id
 * @param range the hash keys that it holds
 * @param createdAtSeconds unix seconds, 0 when the service did not say
 * @param position what is read next
 * @param receivedAtSeconds when the service received the group before the position, unix seconds; 0 when not known. For
 *     people: it says how old a state is, and how much was lost when the position is gone
 * @param stopCursor where a run that stops "now" ends, exclusive; null when none was fetched
 * @param finished true when the shard is read to its end and only waits until the enumerator has that in a checkpoint
 */
@Internal
public record ShardSplit(
        LogstoreId logstore,
        int shard,
        KeyRange range,
        long createdAtSeconds,
        Position position,
        long receivedAtSeconds,
        @Nullable String stopCursor,
        boolean finished)
        implements SourceSplit {

    public ShardSplit {
        if (shard < 0) {
            throw new IllegalArgumentException("shard id " + shard + " is negative");
        }
    }

    /** The id of a shard's split, unique within the logstore of a source. */
    public static String splitId(int shard) {
        return Integer.toString(shard);
    }

    @Override
    public String splitId() {
        return splitId(shard);
    }

    /** The same shard at another place. */
    public ShardSplit at(Position newPosition, boolean isFinished) {
        return at(newPosition, receivedAtSeconds, isFinished);
    }

    /** The same shard at another place, before which stands a group that was received at a known time. */
    public ShardSplit at(Position newPosition, long newReceivedAtSeconds, boolean isFinished) {
        return new ShardSplit(
                logstore, shard, range, createdAtSeconds, newPosition, newReceivedAtSeconds, stopCursor, isFinished);
    }
}
