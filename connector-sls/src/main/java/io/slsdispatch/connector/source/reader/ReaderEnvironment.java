package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.FeatureSupport;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.metrics.ReaderMetrics;
import io.slsdispatch.connector.source.reader.ShardEndDetector.ReadOnlyShards;
import io.slsdispatch.connector.task.FailureLog;
import java.time.Clock;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Dependencies that all parts of one reader share. It outlives the split readers: Flink creates a new one whenever a
 * reader receives shards after it had none.
 *
 * @param readOnly the shards that are known to be read-only
 * @param signal wakes the fetcher thread
 * @param budget raises the signal when bytes are free
 * @param failures the log of failed reads
 * @param zstd whether the service sends zstd; used by the fetcher thread
 */
record ReaderEnvironment(
        SourceConfig config,
        SlsClient client,
        ReaderMetrics metrics,
        Clock clock,
        ServiceTime serviceTime,
        ReadOnlyShards readOnly,
        WakeUpSignal signal,
        ByteBudget budget,
        CursorLookups lookups,
        FailureLog failures,
        FeatureSupport zstd) {

    /**
     * Signal that wakes one waiting thread. An early signal is kept, so the next wait ends at once; after each wait,
     * the thread must check all conditions again.
     */
    static final class WakeUpSignal {

        private final Semaphore permits = new Semaphore(0);

        void raise() {
            if (permits.availablePermits() == 0) {
                permits.release();
            }
        }

        /** Waits for a signal, at most this number of nanoseconds. */
        void await(long nanos) throws InterruptedException {
            if (permits.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
                permits.drainPermits();
            }
        }
    }
}
