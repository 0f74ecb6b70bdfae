package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.metrics.ReaderMetrics;
import io.slsdispatch.connector.source.reader.ShardEndDetector.ReadOnlyShards;
import java.time.Clock;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What the parts of one reader share. It outlives the split readers, of which Flink makes a new one each time that a
 * reader gets shards after it had none.
 *
 * @param readOnly the shards that are known to take no more writes
 * @param signal wakes the fetcher thread
 * @param budget raises the signal when there is room
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
        CursorLookups lookups) {

    /**
     * Wakes one waiting thread. A signal that comes early is kept, so the next wait ends at once; who waits looks at
     * everything again after each wait.
     */
    static final class WakeUpSignal {

        private final Semaphore permits = new Semaphore(0);

        void raise() {
            if (permits.availablePermits() == 0) {
                permits.release();
            }
        }

        /** Waits for a signal, at most so many nanoseconds. */
        void await(long nanos) throws InterruptedException {
            if (permits.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
                permits.drainPermits();
            }
        }
    }
}
