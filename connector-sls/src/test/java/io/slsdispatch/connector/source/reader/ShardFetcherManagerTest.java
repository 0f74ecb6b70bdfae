package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.source.reader.PulledRecords.PulledGroup;
import io.slsdispatch.connector.source.reader.PulledRecords.SplitUpdate;
import io.slsdispatch.connector.source.reader.SlsSourceReader.ShardFetcherManager;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.connector.base.source.reader.synchronization.FutureCompletingBlockingQueue;
import org.junit.jupiter.api.Test;

class ShardFetcherManagerTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    /** Finishes every shard at once. */
    private static final class QuickReader implements SplitReader<PulledGroup, ShardSplit> {
        volatile boolean closed;
        private int shard;

        @Override
        public RecordsWithSplitIds<PulledGroup> fetch() {
            return SplitUpdate.finished(shard);
        }

        @Override
        public void handleSplitsChanges(SplitsChange<ShardSplit> change) {
            shard = change.splits().get(0).shard();
        }

        @Override
        public void wakeUp() {}

        @Override
        public void close() {
            closed = true;
        }
    }

    /**
     * FLINK-40660: an ending fetcher queues a last batch and waits until it is consumed. Here the queue is full and the
     * fetcher was woken before, so the batch is refused, and nobody will ever consume it.
     */
    @Test
    void closesAFetcherWhoseLastBatchWasRefused() throws Exception {
        QuickReader reader = new QuickReader();
        ShardFetcherManager manager = new ShardFetcherManager(() -> reader, new Configuration());
        FutureCompletingBlockingQueue<RecordsWithSplitIds<PulledGroup>> queue = manager.getQueue();
        manager.addSplits(List.of(new ShardSplit(
                new LogstoreId("fake-project", "source"),
                0,
                KeyRange.RING,
                0,
                Position.at(FakeSls.cursorOf(0)),
                0,
                null,
                false)));
        await("the finish").atMost(LONG).until(() -> queue.size() == 1);
        queue.put(1, SplitUpdate.none());
        queue.wakeUpPuttingThread(0);
        await("the fetcher to be told to end").atMost(LONG).until(manager::maybeShutdownFinishedFetchers);
        await("the fetcher to wait").atMost(LONG).until(ShardFetcherManagerTest::aFetcherWaitsForItsLastBatch);

        manager.close(LONG.toMillis());

        assertThat(reader.closed).isTrue();
    }

    private static boolean aFetcherWaitsForItsLastBatch() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("Source Data Fetcher"))
                .flatMap(thread -> Arrays.stream(thread.getValue()))
                .anyMatch(frame -> frame.getClassName().endsWith("CountDownLatch"));
    }
}
