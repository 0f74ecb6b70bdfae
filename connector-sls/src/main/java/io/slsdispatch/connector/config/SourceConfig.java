package io.slsdispatch.connector.config;

import io.slsdispatch.connector.model.LogstoreId;
import java.io.Serializable;
import java.time.Instant;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * The options of a source.
 *
 * @param logstore the logstore to read
 * @param start where reading starts in shards that no state knows; never {@link StartingPosition.End}, which becomes a
 *     {@link StartingPosition.Submission} when the source is built
 * @param stop where a bounded run ends
 * @param consumerGroup the consumer group to which progress is committed; null for none
 * @param order when the shards that a split or merge created are read
 * @param onExpiredCursor the reaction when unread groups are gone
 * @param packing how groups are compressed on the way to the sinks. It should be what all of them write: they compress
 *     groups again that are packed in another way
 */
@PublicEvolving
public record SourceConfig(
        LogstoreId logstore,
        StartingPosition start,
        StoppingPosition stop,
        @Nullable String consumerGroup,
        ShardOrder order,
        ExpiredCursorPolicy onExpiredCursor,
        DiscoveryConfig discovery,
        PullConfig pulls,
        ReadRetryConfig retries,
        CompressionConfig packing)
        implements Serializable {

    /** Options of a source that packs groups as LZ4 blocks. */
    public SourceConfig(
            LogstoreId logstore,
            StartingPosition start,
            StoppingPosition stop,
            @Nullable String consumerGroup,
            ShardOrder order,
            ExpiredCursorPolicy onExpiredCursor,
            DiscoveryConfig discovery,
            PullConfig pulls,
            ReadRetryConfig retries) {
        this(
                logstore,
                start,
                stop,
                consumerGroup,
                order,
                onExpiredCursor,
                discovery,
                pulls,
                retries,
                CompressionConfig.LZ4);
    }

    public SourceConfig {
        if (start instanceof StartingPosition.End
                || (start instanceof StartingPosition.Committed committed
                        && committed.otherwise() instanceof StartingPosition.End)) {
            throw new IllegalArgumentException("the start END is not converted to a time");
        }
        if (consumerGroup != null) {
            Checks.consumerGroup(consumerGroup);
        }
        if (onExpiredCursor == ExpiredCursorPolicy.LATEST && !(stop instanceof StoppingPosition.Never)) {
            throw new IllegalArgumentException(
                    "onExpiredCursor is LATEST, which a run with a stop does not support: expected FAIL or EARLIEST");
        }
        Instant from = moment(start);
        if (from != null && stop instanceof StoppingPosition.At to && !from.isBefore(to.receiveTime())) {
            throw new IllegalArgumentException("the start time " + from + " is not before the stop time "
                    + to.receiveTime() + ": there is nothing to read");
        }
    }

    /** The time from which all shards are read, null when the start is not a time. */
    private static @Nullable Instant moment(StartingPosition start) {
        if (start instanceof StartingPosition.Submission submission) {
            return submission.submitted();
        }
        return start instanceof StartingPosition.At at ? at.receiveTime() : null;
    }

    /** The same options with another order. */
    public SourceConfig withOrder(ShardOrder other) {
        return new SourceConfig(
                logstore, start, stop, consumerGroup, other, onExpiredCursor, discovery, pulls, retries, packing);
    }

    /** The same options without progress in a consumer group. */
    public SourceConfig withoutConsumerGroup() {
        return new SourceConfig(
                logstore, start, stop, null, order, onExpiredCursor, discovery, pulls, retries, packing);
    }

    /** The same options with another packing. */
    public SourceConfig withPacking(CompressionConfig other) {
        return new SourceConfig(
                logstore, start, stop, consumerGroup, order, onExpiredCursor, discovery, pulls, retries, other);
    }
}
