package io.slsdispatch.connector.put;

import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import java.time.Duration;
import org.apache.flink.annotation.Internal;

/**
 * The options of an engine, in which its users differ.
 *
 * @param ordered whether items of one {@link OrderingKey} are written one after the other
 * @param limits how much is sent at a time
 * @param retry how long and how often a failed request is retried
 * @param patience whether the time limits of {@code retry} apply to batches or to the target
 * @param outage when the circuit opens
 * @param deadline after which a request counts as failed although the client has not ended it; longer than the client's
 *     own time-out
 * @param compression how groups are sent; a target that turns out not to accept zstd gets LZ4
 */
@Internal
public record PutPolicy(
        boolean ordered,
        Limits limits,
        RetryPolicy retry,
        Patience patience,
        Outage outage,
        Duration deadline,
        CompressionConfig compression) {

    /** What the time limits of retries apply to. */
    public enum Patience {
        /** Each batch: transient failures are limited by "give up after", refusals and denials by the grace period. */
        PER_BATCH,
        /**
         * The target: the engine gives it up when it has accepted nothing for "give up after" while a batch failed, and
         * at once when it denies access or does not exist.
         */
        PER_TARGET
    }

    /** How the sending rate adapts to the target. */
    public enum Adaptation {
        /** Throttling limits the rate; consecutive failures limit the concurrent requests. */
        RATE,
        /** Throttling limits the concurrent requests. */
        CONCURRENCY,
        /** Only back-off slows the requests down. */
        NONE
    }

    /** When a request waits for more items to fill it. */
    public enum Linger {
        /** Briefly, while another request is in flight: see {@link BatchLinger}. */
        WHILE_IN_FLIGHT,
        /** For a configured time, until it is large enough, or until the owner calls flush. */
        FOR_TIME,
        /** Until it is full, or until the owner calls flush. */
        UNTIL_FLUSH,
        /** Never. */
        NONE
    }

    /**
     * How much is sent at a time.
     *
     * @param requests the maximum number of concurrent requests, at least 1
     * @param retriesCount whether a request that waits for a retry counts as one of them
     * @param batch the limits of one request
     * @param adaptation how the rate adapts to the target
     * @param linger when a request waits for more items
     * @param lingerTime how long at most; only with {@link Linger#FOR_TIME}
     */
    public record Limits(
            int requests,
            boolean retriesCount,
            BatchLimits batch,
            Adaptation adaptation,
            Linger linger,
            Duration lingerTime) {

        /** Limits without a configured time to wait for more items. */
        public Limits(int requests, boolean retriesCount, BatchLimits batch, Adaptation adaptation, Linger linger) {
            this(requests, retriesCount, batch, adaptation, linger, Duration.ZERO);
        }
    }

    /**
     * The limits of one request.
     *
     * @param items the maximum number of items
     * @param bytes the maximum total size in bytes, before compression; a single item may be larger
     */
    public record BatchLimits(int items, long bytes) {

        /** One item per request. */
        public static final BatchLimits SINGLE = new BatchLimits(1, Long.MAX_VALUE);

        /**
         * Safe limits for {@code batch_group}. The service documents no separate limit for it. Other senders stay near
         * 0.5 MB, so larger lists are not known to be accepted. Measured per MB of groups of 5 KB to 50 KB, lists of 1 MB
         * take no more processor time than lists of 5 MB, and with groups that do not compress a tenth less.
         */
        public static final BatchLimits LIST = new BatchLimits(1000, 1_000_000);

        /** Whether a request of this size is within the limits. */
        public boolean allow(int items, long bytes) {
            return items <= this.items && bytes <= this.bytes;
        }
    }
}
