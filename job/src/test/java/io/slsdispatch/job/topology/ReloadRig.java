package io.slsdispatch.job.topology;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;

import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.rules.reload.ReplayProgress;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.apache.flink.core.io.InputStatus;

/**
 * The ends of a job that is fed as fast as permits are given, notes to which targets each group came, and fails where it
 * is told to.
 */
final class ReloadRig implements Connectors {

    /** Where the next failure happens, once. */
    enum Fault {
        READING,
        WRITING,
        AT_THE_BARRIER
    }

    private static final int SHARDS = 8;

    /** What the parts of one job, which travel through serialization, share in this process. */
    private static final class Shared {
        private final Semaphore permits = new Semaphore(0);
        private final AtomicReference<CompletableFuture<Void>> more = new AtomicReference<>(new CompletableFuture<>());
        private final Map<Integer, Set<String>> targetsOfGroup = new ConcurrentHashMap<>();
        private final AtomicReference<Fault> fault = new AtomicReference<>();
        private final AtomicInteger faults = new AtomicInteger();
        /** By the last number of a split: how far it was ever read, and how far it is read since the last restore. */
        private final ConcurrentNavigableMap<Long, Long> furthest = new ConcurrentSkipListMap<>();

        private final Map<Long, Long> emitted = new ConcurrentHashMap<>();
        /** By the same: how many failures there were when it was last restored. */
        private final Map<Long, Integer> faultsBefore = new ConcurrentHashMap<>();

        void begin(NumberSequenceSplit split) {
            furthest.putIfAbsent(split.to(), split.from() - 1);
            emitted.put(split.to(), split.from() - 1);
            faultsBefore.put(split.to(), faults.get());
        }

        boolean isReadAgain(long split, long upTo) {
            return faultsBefore.getOrDefault(split, -1) == faults.get() && emitted.getOrDefault(split, -1L) >= upTo;
        }

        void emitted(long number) {
            long split = furthest.ceilingKey(number);
            emitted.put(split, number);
            furthest.merge(split, number, Math::max);
        }

        void failIf(Fault here) throws IOException {
            if (fault.compareAndSet(here, null)) {
                faults.incrementAndGet();
                throw new IOException("injected: " + here);
            }
        }
    }

    private static final Map<String, Shared> RUNS = new ConcurrentHashMap<>();

    private final String run = UUID.randomUUID().toString();
    private final int groups;

    ReloadRig(int groups) {
        this.groups = groups;
        RUNS.put(run, new Shared());
    }

    void feed(int permits) {
        Shared shared = shared(run);
        shared.permits.release(permits);
        shared.more.getAndSet(new CompletableFuture<>()).complete(null);
    }

    /** Whether everything that was read before the last failure is read again. */
    boolean isReadAgain() {
        return new Progress(run).isDeliveredUpTo(Instant.EPOCH);
    }

    void feedTheRest() {
        // Groups that are read again take permits again.
        feed(Integer.MAX_VALUE / 2);
    }

    void failNext(Fault fault) {
        shared(run).fault.set(fault);
    }

    int faults() {
        return shared(run).faults.get();
    }

    /** The targets that each group came to, by the group's number; never an empty set, also while the job writes. */
    Map<Integer, Set<String>> targetsOfGroup() {
        return shared(run).targetsOfGroup;
    }

    private static Set<String> union(Set<String> before, Set<String> more) {
        return Stream.concat(before.stream(), more.stream()).collect(Collectors.toUnmodifiableSet());
    }

    private static Shared shared(String run) {
        Shared shared = RUNS.get(run);
        if (shared == null) {
            throw new IllegalStateException("another process");
        }
        return shared;
    }

    @Override
    public Source<RawLogGroup, ?, ?> source(JobConfig.Source source) {
        return new GatedGroups(run, groups);
    }

    private static RawLogGroup group(String run, long number) {
        try {
            shared(run).failIf(Fault.READING);
            shared(run).emitted(number);
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        return logGroup()
                .topic("topic-" + number % 20)
                .shard((int) (number % SHARDS))
                .index((int) number)
                .build();
    }

    private static final class GatedGroups extends GeneratedGroups {

        private static final long serialVersionUID = 1L;

        private final String run;

        GatedGroups(String run, int groups) {
            super(groups, number -> group(run, number));
            this.run = run;
        }

        @Override
        public SourceReader<RawLogGroup, NumberSequenceSplit> createReader(SourceReaderContext context) {
            return new Gated(super.createReader(context), shared(run));
        }
    }

    /** Emits while there are permits, and does not hold the task thread, which checkpoints need, while there are none. */
    @SuppressWarnings("try") // close() declares what the one it calls declares
    private static final class Gated implements SourceReader<RawLogGroup, NumberSequenceSplit> {

        private final SourceReader<RawLogGroup, NumberSequenceSplit> groups;
        private final Shared shared;

        Gated(SourceReader<RawLogGroup, NumberSequenceSplit> groups, Shared shared) {
            this.groups = groups;
            this.shared = shared;
        }

        @Override
        public InputStatus pollNext(ReaderOutput<RawLogGroup> output) throws Exception {
            return shared.permits.tryAcquire() ? groups.pollNext(output) : InputStatus.NOTHING_AVAILABLE;
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            CompletableFuture<Void> more = shared.more.get();
            return shared.permits.availablePermits() > 0 ? groups.isAvailable() : more;
        }

        @Override
        public void start() {
            groups.start();
        }

        @Override
        public List<NumberSequenceSplit> snapshotState(long checkpointId) {
            return groups.snapshotState(checkpointId);
        }

        @Override
        public void addSplits(List<NumberSequenceSplit> splits) {
            splits.forEach(shared::begin);
            groups.addSplits(splits);
        }

        @Override
        public void notifyNoMoreSplits() {
            groups.notifyNoMoreSplits();
        }

        @Override
        public void close() throws Exception {
            groups.close();
        }
    }

    @Override
    public ReplayProgress progress(JobConfig.Source source) {
        return new Progress(run);
    }

    /** What was received before a failure is read again when each split is where it was. */
    private record Progress(String run) implements ReplayProgress {

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public boolean isDeliveredUpTo(Instant receipt) {
            Shared shared = shared(run);
            return shared.furthest.entrySet().stream()
                    .allMatch(split -> shared.isReadAgain(split.getKey(), split.getValue()));
        }
    }

    @Override
    public Sink<RawLogGroup> sink(JobConfig.Target target) {
        return new Noting(run, target.name());
    }

    @Override
    public Sink<AddressedLogGroup> sink(JobConfig.Template target) {
        throw new UnsupportedOperationException("no target is by template here");
    }

    private record Noting(String run, String target) implements Sink<RawLogGroup>, Serializable {

        @Override
        public SinkWriter<RawLogGroup> createWriter(WriterInitContext context) {
            Shared shared = shared(run);
            return new SinkWriter<>() {
                @Override
                public void write(RawLogGroup group, Context context) throws IOException {
                    shared.failIf(Fault.WRITING);
                    shared.targetsOfGroup.merge(group.index(), Set.of(target), ReloadRig::union);
                }

                @Override
                public void flush(boolean endOfInput) throws IOException {
                    shared.failIf(Fault.AT_THE_BARRIER);
                }

                @Override
                public void close() {}
            };
        }
    }
}
