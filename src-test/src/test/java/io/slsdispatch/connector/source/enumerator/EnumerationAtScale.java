package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.split.ShardEvent.RestoredShards;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.testing.UnsupportedSlsClient;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/**
 * The enumerator with many shards and readers. After the first listing it lists again and again; each time some shards
 * were split, their readers finish them, a checkpoint completes, and the children are assigned.
 */
public final class EnumerationAtScale {

    private static final int SHARDS_OF_A_READER = 20;
    private static final int LISTINGS = 100;
    /** Of this many shards one is split between two listings. */
    private static final int UNSPLIT = 1_000;

    private static final long CREATED = 1_700_000_000;

    private final Context context;
    private final Service service;
    private final ShardEnumerator enumerator;
    private long nanos;

    private EnumerationAtScale(SourceConfig config, int shards) {
        int readers = Math.max(1, shards / SHARDS_OF_A_READER);
        this.service = new Service(shards);
        this.context = new Context(readers);
        EnumeratorEnvironment env = EnumeratorEnvironment.of(context, service, config, () -> nanos, Clock.systemUTC());
        this.enumerator = new ShardEnumerator(env, EnumeratorState.fresh(config));
        enumerator.start();
        for (int reader = 0; reader < readers; reader++) {
            context.readers.put(reader, new ReaderInfo(reader, "here"));
            enumerator.handleSourceEvent(reader, new RestoredShards(List.of(), List.of()));
        }
    }

    /**
     * Runs it on this thread.
     *
     * @return how many shards were assigned
     */
    public static long run(SourceConfig config, int shards) {
        EnumerationAtScale simulation = new EnumerationAtScale(config, shards);
        simulation.discover();
        int splits = Math.max(1, shards / UNSPLIT);
        for (int listing = 1; listing <= LISTINGS; listing++) {
            List<Integer> closed = simulation.service.split(splits);
            simulation.discover();
            for (int shard : closed) {
                int reader = simulation.context.readerOf.get(shard);
                simulation.enumerator.handleSourceEvent(reader, new ShardsFinished(List.of(shard)));
            }
            simulation.enumerator.snapshotState(listing);
            simulation.enumerator.notifyCheckpointComplete(listing);
            // A completed checkpoint settles in two periods.
            simulation.periods();
            simulation.periods();
        }
        int expected = shards + 2 * splits * LISTINGS;
        if (simulation.context.readerOf.size() != expected) {
            throw new IllegalStateException(
                    simulation.context.readerOf.size() + " shards were assigned, not " + expected);
        }
        return expected;
    }

    private void discover() {
        nanos += Duration.ofHours(1).toNanos();
        periods();
    }

    private void periods() {
        context.periodic.forEach(Runnable::run);
        while (!context.worker.isEmpty()) {
            context.worker.remove().run();
        }
    }

    /** A logstore whose shards are split. */
    private static final class Service extends UnsupportedSlsClient {

        private final List<Shard> shards = new ArrayList<>();
        private int nextToSplit;

        Service(int count) {
            BigInteger width = KeyRange.RING.end().divide(BigInteger.valueOf(count));
            for (int id = 0; id < count; id++) {
                BigInteger begin = width.multiply(BigInteger.valueOf(id));
                BigInteger end = id == count - 1 ? KeyRange.RING.end() : begin.add(width);
                shards.add(new Shard(id, new KeyRange(begin, end), true, CREATED));
            }
        }

        List<Integer> split(int count) {
            List<Integer> closed = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Shard parent = shards.get(nextToSplit);
                KeyRange range = parent.range();
                BigInteger middle = range.begin().add(range.end()).shiftRight(1);
                shards.set(nextToSplit, new Shard(parent.id(), range, false, parent.createdAtSeconds()));
                long now = CREATED + nextToSplit + 1;
                shards.add(new Shard(shards.size(), new KeyRange(range.begin(), middle), true, now));
                shards.add(new Shard(shards.size(), new KeyRange(middle, range.end()), true, now));
                closed.add(parent.id());
                nextToSplit++;
            }
            return closed;
        }

        @Override
        public List<Shard> listShards(LogstoreId logstore) {
            return List.copyOf(shards);
        }

        @Override
        public String cursor(LogstoreId logstore, int shard, CursorOrigin origin) {
            return "MTc2NDA3MjAwMDAwMDAwMDAwMA==";
        }

        @Override
        public Duration retention(LogstoreId logstore) {
            return Duration.ofDays(30);
        }

        @Override
        public Optional<Instant> serviceTime() {
            return Optional.empty();
        }

        @Override
        public Duration clockOffset() {
            return Duration.ZERO;
        }

        @Override
        public void close() {}
    }

    /** What Flink does around the enumerator, on this thread. */
    private static final class Context implements SplitEnumeratorContext<ShardSplit> {

        private final int parallelism;
        private final Map<Integer, ReaderInfo> readers = new HashMap<>();
        private final Map<Integer, Integer> readerOf = new HashMap<>();
        private final Queue<Runnable> worker = new ArrayDeque<>();
        private final List<Runnable> periodic = new ArrayList<>();

        Context(int parallelism) {
            this.parallelism = parallelism;
        }

        @Override
        public SplitEnumeratorMetricGroup metricGroup() {
            return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
        }

        @Override
        public void sendEventToSourceReader(int subtask, SourceEvent event) {}

        @Override
        public int currentParallelism() {
            return parallelism;
        }

        @Override
        public Map<Integer, ReaderInfo> registeredReaders() {
            // Flink makes a new map each time.
            return Map.copyOf(readers);
        }

        @Override
        public void assignSplits(SplitsAssignment<ShardSplit> assignment) {
            assignment
                    .assignment()
                    .forEach((reader, splits) -> splits.forEach(split -> readerOf.put(split.shard(), reader)));
        }

        @Override
        public void signalNoMoreSplits(int subtask) {}

        @Override
        public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
            worker.add(() -> call(callable, handler));
        }

        @Override
        public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler, long delay, long period) {
            periodic.add(() -> call(callable, handler));
        }

        private static <T> void call(Callable<T> callable, BiConsumer<T, Throwable> handler) {
            T value;
            try {
                value = callable.call();
            } catch (Exception e) {
                handler.accept(null, e);
                return;
            }
            handler.accept(value, null);
        }

        @Override
        public void runInCoordinatorThread(Runnable runnable) {
            runnable.run();
        }
    }
}
