package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.FeatureSupport;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.metrics.ReaderMetrics;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.reader.PulledRecords.PulledGroup;
import io.slsdispatch.connector.source.reader.ReaderEnvironment.WakeUpSignal;
import io.slsdispatch.connector.source.reader.ShardEndDetector.ReadOnlyShards;
import io.slsdispatch.connector.source.split.ShardEvent.FinishesCheckpointed;
import io.slsdispatch.connector.source.split.ShardEvent.RestoredShards;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsRead;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsReadOnly;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.connector.task.FailureLog;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.connector.wire.ZstdFrames;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.connector.base.source.reader.SourceReaderOptions;
import org.apache.flink.connector.base.source.reader.fetcher.SingleThreadFetcherManager;
import org.apache.flink.connector.base.source.reader.fetcher.SplitFetcher;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Source reader: reads its assigned shards, and keeps the position of each in state. A shard that is read to the end
 * stays in state, marked as finished, until the enumerator confirms that a completed checkpoint of its own contains the
 * finish. Only then can no restore forget that the shard ended, or that it existed.
 *
 * <p>Task thread, except where noted.
 */
@Internal
@SuppressWarnings("try") // the interface of Flink lets close() throw any exception
public final class SlsSourceReader
        extends SingleThreadMultiplexSourceReaderBase<PulledGroup, RawLogGroup, ShardSplit, ShardSplitState> {

    private static final Logger LOG = LoggerFactory.getLogger(SlsSourceReader.class);

    /** Number of batches that may be queued; the byte budget limits their size. */
    private static final int QUEUED_BATCHES = 2;

    /** Limit for closing. It normally takes almost no time, because the client ends all calls at once. */
    private static final long CLOSE_MILLIS = 5_000;

    /** How long the end of a bounded run may wait for the commit of its last checkpoint. */
    private static final Duration LAST_COMMIT = Duration.ofSeconds(5);

    private final ReaderEnvironment env;
    private final @Nullable CursorCommitter committer;

    /** Null for a source without a stop. */
    private final @Nullable ProgressReports progress;

    /** Shards that are read to the end and not acknowledged yet, by id. */
    private final Map<Integer, ShardSplit> finished = new TreeMap<>();

    /** Shards from restored state, until {@link #start} reports them. */
    private final List<Shard> restored = new ArrayList<>();

    /** Restored finished shards for which Flink created an output, which would hold back watermarks. */
    private final List<String> outputsToRelease = new ArrayList<>();

    private boolean started;

    /** Whether a bounded run is fully emitted, and the checkpoint that contains that; -1 before it is taken. */
    private boolean ended;

    private long lastCheckpoint = -1;

    /** Whether that checkpoint is complete, so that the task ends because there is nothing more to read. */
    private boolean endsInOrder;

    private SlsSourceReader(ReaderEnvironment env, SourceReaderContext context) {
        super(
                new ShardFetcherManager(() -> new ShardSplitReader(env), configuration()),
                new LogGroupEmitter(env.metrics()),
                configuration(),
                context);
        this.env = env;
        this.progress = env.config().stop() instanceof StoppingPosition.Never
                ? null
                : new ProgressReports(System::nanoTime, context::sendSourceEventToCoordinator);
        String group = env.config().consumerGroup();
        this.committer = group == null
                ? null
                : new CursorCommitter(
                        env.client(),
                        env.config().logstore(),
                        group,
                        env.metrics(),
                        owner(env.config(), context),
                        System::nanoTime);
    }

    /** Creates a reader with its own client. */
    public static SlsSourceReader create(SourceConfig config, SlsClientFactory clients, SourceReaderContext context) {
        if (config.pulls().compression() == Compression.ZSTD || config.packing().kind() == Compression.ZSTD) {
            ZstdFrames.require("The source " + config.logstore());
        }
        Clock clock = Clock.systemUTC();
        ReaderMetrics metrics =
                new ReaderMetrics(context.metricGroup(), config.logstore().logstore(), clock);
        WakeUpSignal signal = new WakeUpSignal();
        ByteBudget budget = new ByteBudget(config.pulls().maxBufferedBytes(), signal::raise);
        metrics.bufferedBytes(budget::taken);
        SlsClient client = clients.create();
        ServiceTime serviceTime = new ServiceTime(clock, client::clockOffset, System::nanoTime);
        metrics.clockSkew(serviceTime::skewSeconds);
        metrics.clockCorrection(client::clockOffset);
        metrics.credentialsExpiration(client::credentialsExpiration);
        metrics.credentialsFailures(client::credentialsFailures);
        ReaderEnvironment env = new ReaderEnvironment(
                config,
                client,
                metrics,
                clock,
                serviceTime,
                new ReadOnlyShards(serviceTime, System::nanoTime),
                signal,
                budget,
                new CursorLookups(client, config.logstore(), owner(config, context)),
                new FailureLog(LOG, System::nanoTime),
                FeatureSupport.ofZstd());
        return new SlsSourceReader(env, context);
    }

    private static String owner(SourceConfig config, SourceReaderContext context) {
        return config.logstore() + " reader " + context.getIndexOfSubtask();
    }

    /** Returns a configuration for this reader: the one of the context is that of the TaskManager. */
    private static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set(SourceReaderOptions.ELEMENT_QUEUE_CAPACITY, QUEUED_BATCHES);
        configuration.set(SourceReaderOptions.SOURCE_READER_CLOSE_TIMEOUT, CLOSE_MILLIS);
        return configuration;
    }

    /** Flink calls this with restored splits before {@link #start}, and with assigned ones after it. */
    @Override
    public void addSplits(List<ShardSplit> splits) {
        List<ShardSplit> open = new ArrayList<>();
        for (ShardSplit split : splits) {
            if (!split.logstore().equals(env.config().logstore())) {
                throw new IllegalStateException("The restored state belongs to logstore " + split.logstore()
                        + ", but the source is configured to read "
                        + env.config().logstore()
                        + ". Configure the logstore of the state, or start without the state.");
            }
            if (split.finished()) {
                finished.put(split.shard(), split);
                outputsToRelease.add(split.splitId());
            } else {
                finished.remove(split.shard());
                open.add(split);
            }
            if (!started && !split.finished()) {
                restored.add(new Shard(split.shard(), split.range(), true, split.createdAtSeconds()));
            }
        }
        if (!open.isEmpty()) {
            super.addSplits(open);
        }
    }

    @Override
    public void start() {
        started = true;
        context.sendSourceEventToCoordinator(new RestoredShards(restored, List.copyOf(finished.keySet())));
        restored.clear();
    }

    @Override
    public InputStatus pollNext(ReaderOutput<RawLogGroup> output) throws Exception {
        if (!outputsToRelease.isEmpty()) {
            outputsToRelease.forEach(output::releaseOutputForSplit);
            outputsToRelease.clear();
        }
        InputStatus status = super.pollNext(output);
        if (progress != null) {
            progress.sendWhenDue();
        }
        ended |= status == InputStatus.END_OF_INPUT;
        return status;
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        if (event instanceof FinishesCheckpointed recorded) {
            recorded.shards().forEach(finished::remove);
        } else if (event instanceof ShardsReadOnly readOnly) {
            readOnly.closedAtSeconds().forEach(env.readOnly()::add);
        } else {
            throw new IllegalArgumentException("unknown event " + event);
        }
    }

    @Override
    protected ShardSplitState initializedState(ShardSplit split) {
        ShardSplitState state =
                new ShardSplitState(split, env.metrics().begin(split.shard(), split.receivedAtSeconds()));
        if (progress != null) {
            progress.begins(split.shard(), state);
        }
        return state;
    }

    @Override
    protected ShardSplit toSplitType(String splitId, ShardSplitState state) {
        return state.toSplit(false);
    }

    @Override
    protected void onSplitFinished(Map<String, ShardSplitState> ended) {
        List<Integer> shards = new ArrayList<>();
        for (ShardSplitState state : ended.values()) {
            ShardSplit split = state.toSplit(true);
            LOG.info("Shard {} of {} is read to its end", split.shard(), split.logstore());
            finished.put(split.shard(), split);
            env.readOnly().remove(split.shard());
            state.metrics().ended();
            env.metrics().problems().ended(split.shard());
            if (progress != null) {
                progress.ends(split.shard());
            }
            shards.add(split.shard());
        }
        context.sendSourceEventToCoordinator(new ShardsFinished(shards));
    }

    @Override
    public List<ShardSplit> snapshotState(long checkpointId) {
        List<ShardSplit> splits = super.snapshotState(checkpointId);
        splits.addAll(finished.values());
        if (ended && lastCheckpoint < 0) {
            lastCheckpoint = checkpointId;
        }
        if (committer != null) {
            committer.snapshot(checkpointId, splits);
        }
        return splits;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        endsInOrder |= lastCheckpoint >= 0 && checkpointId >= lastCheckpoint;
        if (committer != null) {
            committer.completed(checkpointId);
        }
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        super.notifyCheckpointAborted(checkpointId);
        if (committer != null) {
            committer.aborted(checkpointId);
        }
    }

    /**
     * Ends all calls first, so that no part waits for the service. Only at the end of a bounded run does it wait some
     * seconds for the commit of the last checkpoint; otherwise a consumer that starts from the group would repeat
     * groups.
     */
    @Override
    public void close() throws Exception {
        if (committer != null && endsInOrder) {
            awaitLastCommit(committer);
        }
        env.client().close();
        env.lookups().close();
        if (committer != null) {
            committer.close();
        }
        super.close();
    }

    private void awaitLastCommit(CursorCommitter commits) {
        try {
            if (!commits.await(LAST_COMMIT)) {
                LOG.warn(
                        "The final progress of {} was not committed to consumer group '{}' within {}: a run that"
                                + " starts from the group repeats log groups",
                        env.config().logstore(),
                        env.config().consumerGroup(),
                        Durations.text(LAST_COMMIT));
            }
        } catch (InterruptedException e) {
            // The task is cancelled and must end at once.
            Thread.currentThread().interrupt();
        }
    }

    /** Reports of a bounded run to the enumerator: how far each shard is read. Task thread. */
    static final class ProgressReports {

        private static final long EVERY = TimeUnit.SECONDS.toNanos(2);

        private final LongSupplier nanoTime;
        private final Consumer<SourceEvent> coordinator;
        private final Map<Integer, ShardSplitState> reading = new HashMap<>();
        private long sentAt;

        ProgressReports(LongSupplier nanoTime, Consumer<SourceEvent> coordinator) {
            this.nanoTime = nanoTime;
            this.coordinator = coordinator;
            this.sentAt = nanoTime.getAsLong();
        }

        void begins(int shard, ShardSplitState state) {
            reading.put(shard, state);
        }

        void ends(int shard) {
            reading.remove(shard);
        }

        void sendWhenDue() {
            long now = nanoTime.getAsLong();
            if (now - sentAt < EVERY || reading.isEmpty()) {
                return;
            }
            sentAt = now;
            coordinator.accept(new ShardsRead(
                    reading.values().stream().map(ShardSplitState::progress).toList()));
        }
    }

    /**
     * Fetcher manager with one fetcher thread per reader, which closes at once. When all shards of a reader are
     * finished, Flink ends the fetcher after its last batches are consumed; a final batch in the queue signals that. If
     * the queue is full, that batch can be refused, and then the fetcher waits forever, so that closing the reader
     * takes its whole time limit (FLINK-40660). By then the fetcher is no longer in Flink's own list, so this class
     * keeps all fetchers and shuts them down.
     */
    static final class ShardFetcherManager extends SingleThreadFetcherManager<PulledGroup, ShardSplit> {

        /** Weak references, because a fetcher lives only as long as its thread runs it. */
        private final Set<SplitFetcher<PulledGroup, ShardSplit>> created =
                Collections.newSetFromMap(new WeakHashMap<>());

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
}
