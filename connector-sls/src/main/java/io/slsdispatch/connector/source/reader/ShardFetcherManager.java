package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.source.split.ShardSplit;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.fetcher.SingleThreadFetcherManager;
import org.apache.flink.connector.base.source.reader.fetcher.SplitFetcher;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;

/**
 * One fetcher thread per reader, which closes at once. Flink ends the fetcher of a reader that ran dry when its last
 * batches are consumed, and notices that by a last batch that it queues. When the queue is full, that batch can be refused
 * and the fetcher waits for it for ever, and with it the closing of the reader for its whole time limit (FLINK-40660).
 * The fetcher is out of Flink's own list by then, so all are remembered here and told to end.
 */
final class ShardFetcherManager extends SingleThreadFetcherManager<PulledGroup, ShardSplit> {

    /** Weak, since a fetcher is alive only as long as its thread runs it. */
    private final Set<SplitFetcher<PulledGroup, ShardSplit>> created = Collections.newSetFromMap(new WeakHashMap<>());

    private boolean ended;

    ShardFetcherManager(Supplier<SplitReader<PulledGroup, ShardSplit>> splitReaders, Configuration configuration) {
        super(splitReaders, configuration);
    }

    @Override
    protected synchronized SplitFetcher<PulledGroup, ShardSplit> createSplitFetcher() {
        SplitFetcher<PulledGroup, ShardSplit> fetcher = super.createSplitFetcher();
        created.add(fetcher);
        return fetcher;
    }

    @Override
    public synchronized void close(long timeoutMillis) throws Exception {
        if (!ended) {
            ended = true;
            created.forEach(SplitFetcher::shutdown);
            super.close(timeoutMillis);
        }
    }
}
