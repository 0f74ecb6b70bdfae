package io.slsdispatch.connector.put;

import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import java.time.Duration;
import org.apache.flink.annotation.Internal;

/**
 * What an engine does where its drivers differ.
 *
 * @param ordered whether items of one {@link OrderingKey} are written one after the other
 * @param limits how much is sent at a time
 * @param retry how long and how often a failed request is sent again
 * @param patience what the time limits of {@code retry} are about
 * @param outage when the circuit opens
 * @param deadline when a request is over although the client has not ended it; above the client's own time-out
 */
@Internal
public record PutPolicy(
        boolean ordered, Limits limits, RetryPolicy retry, Patience patience, Outage outage, Duration deadline) {

    /** What the time limits of retries are about. */
    public enum Patience {
        /** Each batch: transient failures count up to "give up after", refusals and denials up to the grace. */
        PER_BATCH,
        /**
         * The target: it is given up when it has accepted nothing for "give up after" while a batch failed, and at once when
         * it denies access or is not there.
         */
        PER_TARGET
    }

    /** How the rate of requests follows the target. */
    public enum Adaptation {
        /** Throttling limits the rate; failures that follow each other limit the requests side by side. */
        RATE,
        /** Throttling limits the requests side by side. */
        CONCURRENCY,
        /** Only back-off slows the requests down. */
        NONE
    }

    /** When a request waits for more items to go with it. */
    public enum Linger {
        /** For a moment, while another one is in flight: see {@link BatchLinger}. */
        WHILE_IN_FLIGHT,
        /** Until it is full, or the engine is told to flush. */
        UNTIL_FLUSH,
        /** Never. */
        NONE
    }

    /**
     * How much is sent at a time.
     *
     * @param requests how many requests side by side, at least 1
     * @param retriesCount whether a request that waits for a retry is one of them
     * @param batch how much travels in one request
     * @param adaptation how the rate follows the target
     * @param linger when a request waits for more items
     */
    public record Limits(int requests, boolean retriesCount, BatchLimits batch, Adaptation adaptation, Linger linger) {}

    /**
     * How much may travel in one request.
     *
     * @param items the most items
     * @param bytes the most bytes together, before compression; one item alone may have more
     */
    public record BatchLimits(int items, long bytes) {

        /** One item per request. */
        public static final BatchLimits SINGLE = new BatchLimits(1, Long.MAX_VALUE);

        /**
         * What is safe for {@code batch_group}. The service documents no limit of its own for it; a request of 10 MB is the
         * limit for all bodies, and half of that leaves room for whichever way it is counted.
         */
        public static final BatchLimits LIST = new BatchLimits(1000, 5_000_000);

        /** Whether a request with these is within the limits. */
        public boolean allow(int items, long bytes) {
            return items <= this.items && bytes <= this.bytes;
        }
    }
}
