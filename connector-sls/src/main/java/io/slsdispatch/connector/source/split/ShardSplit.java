package io.slsdispatch.connector.source.split;

import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceSplit;
import org.jspecify.annotations.Nullable;

/**
 * Split of the source: one shard to read from a position. Whether the shard still accepts writes is not part of the
 * split, because that can change while the split is in a checkpoint; the enumerator sends it to readers separately.
 *
 * @param logstore the logstore of the shard
 * @param shard the shard id
 * @param range the hash key range of the shard
 * @param createdAtSeconds creation time, unix seconds; 0 if the service did not report it
 * @param position the position of the next group to read
 * @param receivedAtSeconds when the service received the group before the position, unix seconds; 0 if not known. For
 *     information only: it shows the age of a state, and how much was lost if the position is gone
 * @param stopCursor where a run that stops "now" ends, exclusive; null if none was fetched
 * @param finished true if the shard is read to the end and only waits until a checkpoint of the enumerator contains
 *     that
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

    /** Returns the split id of a shard, unique within the logstore of a source. */
    public static String splitId(int shard) {
        return Integer.toString(shard);
    }

    @Override
    public String splitId() {
        return splitId(shard);
    }

    /** Returns this split at another position. */
    public ShardSplit at(Position newPosition, boolean isFinished) {
        return at(newPosition, receivedAtSeconds, isFinished);
    }

    /** Returns this split at another position, with the receive time of the group before that position. */
    public ShardSplit at(Position newPosition, long newReceivedAtSeconds, boolean isFinished) {
        return new ShardSplit(
                logstore, shard, range, createdAtSeconds, newPosition, newReceivedAtSeconds, stopCursor, isFinished);
    }
}
