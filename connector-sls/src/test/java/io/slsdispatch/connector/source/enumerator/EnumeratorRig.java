package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.split.ShardEvent.RestoredShards;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.connector.source.split.ShardSplitSerializer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.flink.runtime.metrics.groups.InternalSplitEnumeratorMetricGroup;
import org.apache.flink.runtime.source.coordinator.SplitAssignmentTracker;

/**
 * What Flink does around an enumerator, by hand and on one thread: requests run when the test lets the worker run, time
 * stands still until it is moved, and assignments that no checkpoint has are given back by Flink's own bookkeeping.
 */
final class EnumeratorRig implements SplitEnumeratorContext<ShardSplit> {

    /** What goes to a reader. */
    sealed interface Message {
        record Assign(List<ShardSplit> splits) implements Message {}

        record Event(SourceEvent event) implements Message {}

        record NoMoreSplits() implements Message {}
    }

    final FakeSls service;
    final Map<Integer, List<Message>> sent = new TreeMap<>();
    final MetricListener metrics = new MetricListener();
    private final SourceConfig config;
    private final int parallelism;
    private final Map<Integer, ReaderInfo> registered = new HashMap<>();
    private final SplitAssignmentTracker<ShardSplit> assignments = new SplitAssignmentTracker<>();
    private final Queue<Runnable> worker = new ArrayDeque<>();
    private final List<Runnable> periodic = new ArrayList<>();
    private final Set<Integer> ended = new HashSet<>();
    private long nanos;
    private final ShardEnumerator enumerator;

    /** The local clock: by so much ahead of the service's. */
    private final Clock clock;

    EnumeratorRig(FakeSls service, SourceConfig config, int parallelism) throws IOException {
        this(service, config, parallelism, EnumeratorState.fresh(config));
    }

    /** Restores a state as Flink does: through its bytes. */
    EnumeratorRig(FakeSls service, SourceConfig config, int parallelism, EnumeratorState state) throws IOException {
        this(service, config, parallelism, state, Duration.ZERO);
    }

    /**
     * Restores a state where the local clock is wrong.
     *
     * @param ahead by how much the local clock is ahead of the service's
     */
    EnumeratorRig(FakeSls service, SourceConfig config, int parallelism, EnumeratorState state, Duration ahead)
            throws IOException {
        this.service = service;
        this.clock = new Clock() {
            @Override
            public Instant instant() {
                return service.now().plus(ahead);
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        this.config = config;
        this.parallelism = parallelism;
        EnumeratorStateSerializer serializer = new EnumeratorStateSerializer();
        EnumeratorState restored = serializer.deserialize(serializer.getVersion(), serializer.serialize(state));
        restored.checkFits(config);
        enumerator = new ShardEnumerator(
                EnumeratorEnvironment.of(this, service.clients().create(), config, () -> nanos, clock), restored);
        enumerator.start();
    }

    ShardEnumerator enumerator() {
        return enumerator;
    }

    // ---- what a test does

    /** Lets a whole discovery interval pass, and everything that was asked for be done. */
    EnumeratorRig discover() {
        advance(config.discovery().interval().multipliedBy(2));
        tick();
        return this;
    }

    /** Lets it be looked whether a discovery is due, without time passing. */
    EnumeratorRig tick() {
        periodic.forEach(Runnable::run);
        while (!worker.isEmpty()) {
            worker.remove().run();
        }
        return this;
    }

    /** Lets time pass, here and at the service. */
    void advance(Duration duration) {
        nanos += duration.toNanos();
        service.advanceSeconds(duration.toSeconds());
    }

    /** A reader starts and says what it restored. */
    EnumeratorRig readerStarts(int subtask, List<ShardSplit> restored) {
        register(subtask);
        enumerator.handleSourceEvent(subtask, holds(restored));
        return this;
    }

    void register(int subtask) {
        registered.put(subtask, new ReaderInfo(subtask, "here"));
        enumerator.addReader(subtask);
    }

    static RestoredShards holds(List<ShardSplit> restored) {
        return new RestoredShards(
                restored.stream()
                        .filter(split -> !split.finished())
                        .map(split -> new Shard(split.shard(), split.range(), true, split.createdAtSeconds()))
                        .toList(),
                restored.stream()
                        .filter(ShardSplit::finished)
                        .map(ShardSplit::shard)
                        .toList());
    }

    /** All readers start without restored state. */
    EnumeratorRig readersStart() {
        for (int subtask = 0; subtask < parallelism; subtask++) {
            readerStarts(subtask, List.of());
        }
        return this;
    }

    /** A reader fails; Flink unregisters it at once. */
    void readerFails(int subtask) {
        registered.remove(subtask);
    }

    /** Flink resets a failed reader to a checkpoint, -1 for none, and gives back what that does not have. */
    List<ShardSplit> readerIsReset(int subtask, long checkpoint) {
        registered.remove(subtask);
        ended.remove(subtask);
        List<ShardSplit> givenBack = assignments.getAndRemoveUncheckpointedAssignment(subtask, checkpoint);
        enumerator.addSplitsBack(givenBack, subtask);
        return givenBack;
    }

    EnumeratorState snapshot(long checkpoint) {
        try {
            assignments.onCheckpoint(checkpoint);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return enumerator.snapshotState(checkpoint);
    }

    /** A checkpoint completes, and has settled. */
    void complete(long checkpoint) {
        completeJustNow(checkpoint);
        settle();
        settle();
    }

    void completeJustNow(long checkpoint) {
        assignments.onCheckpointComplete(checkpoint);
        enumerator.notifyCheckpointComplete(checkpoint);
    }

    /** Lets a period pass in which completed checkpoints settle, and nothing else. */
    void settle() {
        periodic.get(0).run();
    }

    /** The shards that were ever assigned to a reader. */
    List<Integer> assignedTo(int subtask) {
        return splitsFor(subtask).stream().map(ShardSplit::shard).toList();
    }

    List<ShardSplit> splitsFor(int subtask) {
        return sent.getOrDefault(subtask, List.of()).stream()
                .filter(Message.Assign.class::isInstance)
                .flatMap(message -> ((Message.Assign) message).splits().stream())
                .toList();
    }

    List<Integer> assigned() {
        return sent.keySet().stream()
                .flatMap(subtask -> assignedTo(subtask).stream())
                .sorted()
                .toList();
    }

    /** The events that were sent to a reader. */
    List<SourceEvent> eventsFor(int subtask) {
        return sent.getOrDefault(subtask, List.of()).stream()
                .filter(Message.Event.class::isInstance)
                .map(message -> ((Message.Event) message).event())
                .toList();
    }

    boolean isEnded(int subtask) {
        return ended.contains(subtask);
    }

    long gauge(String name) {
        return ((Number) value(name)).longValue();
    }

    /** A gauge whose value is a text. */
    String text(String name) {
        return (String) value(name);
    }

    private Object value(String name) {
        return metrics.getGauge(
                        "enumerator", "sls", "logstore", config.logstore().logstore(), name)
                .orElseThrow()
                .getValue();
    }

    // ---- what the enumerator uses

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
        return new InternalSplitEnumeratorMetricGroup(metrics.getMetricGroup());
    }

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {
        send(subtask, new Message.Event(event));
    }

    @Override
    public int currentParallelism() {
        return parallelism;
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
        return Map.copyOf(registered);
    }

    @Override
    public void assignSplits(SplitsAssignment<ShardSplit> assignment) {
        assignments.recordSplitAssignment(assignment);
        assignment
                .assignment()
                .forEach((subtask, splits) -> send(
                        subtask,
                        new Message.Assign(
                                splits.stream().map(EnumeratorRig::copy).toList())));
    }

    private static ShardSplit copy(ShardSplit split) {
        ShardSplitSerializer serializer = new ShardSplitSerializer();
        try {
            return serializer.deserialize(serializer.getVersion(), serializer.serialize(split));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void signalNoMoreSplits(int subtask) {
        ended.add(subtask);
        send(subtask, new Message.NoMoreSplits());
    }

    private void send(int subtask, Message message) {
        if (!registered.containsKey(subtask)) {
            throw new AssertionError("reader " + subtask + " is not there to get " + message);
        }
        sent.computeIfAbsent(subtask, key -> new ArrayList<>()).add(message);
    }

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

    @Override
    public void setIsProcessingBacklog(boolean isProcessingBacklog) {}
}
