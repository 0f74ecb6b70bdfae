package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.enumerator.DeferredRestoreFailure.FailingEnumerator;
import io.slsdispatch.connector.source.enumerator.PendingFinishes.DelayedCheckpoints;
import io.slsdispatch.connector.source.split.ShardEvent.FinishesCheckpointed;
import io.slsdispatch.connector.source.split.ShardEvent.RestoredShards;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsRead;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsReadOnly;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.connector.task.FlinkTasks;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Split enumerator: decides when each shard is read, and by which reader. The life cycle of a shard, and the effect of
 * a crash in each phase:
 *
 * <ol>
 *   <li><b>Found</b> by a listing. From then on the shard is in state, so it cannot be missed. A shard of the first
 *       listing is marked to begin at the configured start; a later one is read from its beginning. <i>A crash before
 *       the next checkpoint</i> finds the shard again; "end" became a fixed time when the job was built, so the start
 *       is the same. After a checkpoint, the state contains the resolved start ({@link ResolvedStart}) for shards that
 *       have no cursor yet.
 *   <li><b>Resolved</b>: the start is a cursor, in state.
 *   <li><b>Waiting</b> until all ancestors are finished ({@link ShardLineage}), until all their groups are delivered if
 *       so configured ({@link ShardOrder}), and until every reader has reported its restored state. On rescaling, Flink
 *       redistributes reader state without involving the enumerator, so any reader may have the shard.
 *   <li><b>Assigned.</b> From here on only the reader's state contains the position. Flink delivers an assignment
 *       before the reader's part of a checkpoint if and only if it was made before the enumerator's part. <i>A crash of
 *       the reader</i> returns the split through {@link #addSplitsBack} if the reader's checkpoint does not contain it;
 *       otherwise the reader restores it and reports it in {@link RestoredShards}.
 *   <li><b>Read-only</b> since a split or merge: the enumerator notifies the reader, which can then look for the end.
 *   <li><b>Finished.</b> The reader reports it by an event, which no checkpoint contains (FLINK-28639). So the reader
 *       keeps the shard in its own state until it is notified that a completed checkpoint of the enumerator contains
 *       the finish ({@link PendingFinishes}). <i>After an earlier crash</i> the reader reports it again. A single
 *       reader may also fall back to a checkpoint in which the shard was still open, while this enumerator continues:
 *       then the shard is open again here too, and children that are not assigned yet wait again.
 *   <li><b>Delivered</b>, with all its groups, once a checkpoint completes whose enumerator part contains the finish.
 *       The reader emitted the last group before it reported the finish, so before its barrier, and a sink passes a
 *       barrier on only after it has delivered everything before it. If the notification of a completed checkpoint is
 *       lost, the next one replaces it; a late notification ({@link DelayedCheckpoints}) covers no less; an aborted
 *       checkpoint does not count. A restored checkpoint was complete.
 *   <li><b>Remembered</b> permanently as one bit ({@link FinishedShards}), so that no listing brings the shard back.
 * </ol>
 *
 * <p>All methods run on the coordinator thread. Requests run on the single worker thread, which reads only its
 * arguments and returns a value.
 */
@Internal
public final class ShardEnumerator implements SplitEnumerator<ShardSplit, EnumeratorState> {

    private static final Logger LOG = LoggerFactory.getLogger(ShardEnumerator.class);

    /** Much longer than tasks need to end, and short compared with the wait of a shard's children. */
    private static final Duration SETTLING = Duration.ofMillis(500);

    private final EnumeratorEnvironment env;
    private final SplitEnumeratorContext<ShardSplit> context;
    private final SourceConfig config;
    private final ShardTracker tracker;
    private final ShardDiscovery discovery;
    private final ConsumerGroupCreation groupCreation;
    private boolean groupCreationStarted;
    private final RetentionMonitor retention;
    private final StartGroupMonitor startGroup;
    private final RunProgress progress;
    private final ShardAssignments assignments = new ShardAssignments();
    private final PendingFinishes pendingFinishes = new PendingFinishes();
    private final DelayedCheckpoints checkpoints = new DelayedCheckpoints();

    ShardEnumerator(EnumeratorEnvironment env, EnumeratorState state) {
        this.env = env;
        this.context = env.context();
        this.config = env.config();
        this.tracker = new ShardTracker(state, config);
        this.discovery = new ShardDiscovery(env, tracker);
        this.groupCreation = new ConsumerGroupCreation(env);
        this.retention = new RetentionMonitor(env, !state.initialDiscoveryDone());
        this.startGroup = new StartGroupMonitor(env, tracker.start().position());
        this.progress = new RunProgress(env, tracker);
        explainStart(state);
        showCounts();
    }

    /** Logs where shards of the restored state begin: the state takes precedence over a changed option 'start'. */
    private void explainStart(EnumeratorState state) {
        if (!state.needsStart()) {
            return;
        }
        if (state.start() == null) {
            LOG.warn(
                    "The restored state of {} was written by an earlier build, which did not store the resolved start."
                            + " Shards of the first listing without a cursor start at: {}. If the start was 'end', the"
                            + " time of the earlier submission is no longer known, so all groups of these shards are"
                            + " read. To read less, start without the state",
                    config.logstore(),
                    tracker.start().position());
        } else if (!state.start().position().equals(ResolvedStart.resolved(config.start()))) {
            LOG.info(
                    "Shards of {} without a cursor start at the position in the restored state: {}. The configured"
                            + " start {} applies only to a source without state",
                    config.logstore(),
                    state.start().position(),
                    config.start());
        }
    }

    /** Creates the enumerator of a source without state, with its own client. */
    public static ShardEnumerator create(
            SplitEnumeratorContext<ShardSplit> context, SlsClientFactory clients, SourceConfig config) {
        return new ShardEnumerator(env(context, clients, config), EnumeratorState.fresh(config));
    }

    /**
     * Creates the enumerator of a restored source, with its own client. If the state cannot be read, or belongs to
     * another logstore or another bounded run, returns an enumerator that fails the job when it is started.
     */
    public static SplitEnumerator<ShardSplit, EnumeratorState> restore(
            SplitEnumeratorContext<ShardSplit> context,
            SlsClientFactory clients,
            SourceConfig config,
            EnumeratorState state) {
        try {
            state.checkFits(config);
            return new ShardEnumerator(env(context, clients, config), state);
        } catch (RuntimeException e) {
            return new FailingEnumerator(e);
        }
    }

    private static EnumeratorEnvironment env(
            SplitEnumeratorContext<ShardSplit> context, SlsClientFactory clients, SourceConfig config) {
        return EnumeratorEnvironment.of(context, clients.create(), config, System::nanoTime, Clock.systemUTC());
    }

    @Override
    public void start() {
        LOG.info("Reading logstore {} with {}", config.logstore(), config);
        FlinkTasks.callAsync(
                context,
                () -> SETTLING,
                (ignored, error) -> {
                    checkpoints.next().ifPresent(this::settled);
                    progress.show();
                },
                SETTLING,
                SETTLING);
        createGroupWhenStartIsKnown();
        retention.start();
        startGroup.start();
        discovery.start(becameReadOnly -> {
            createGroupWhenStartIsKnown();
            sendReadOnly(becameReadOnly);
            assign();
        });
    }

    /**
     * Creates the consumer group only after the start is read from it, if both are the same group: otherwise a group
     * that does not exist would look like one without cursors.
     */
    private void createGroupWhenStartIsKnown() {
        boolean known =
                tracker.start().groupToRead() == null || (tracker.initialDiscoveryDone() && tracker.allResolved());
        if (known && !groupCreationStarted) {
            groupCreationStarted = true;
            groupCreation.start();
        }
    }

    /** Does nothing: a reader takes part once it sends {@link RestoredShards}. */
    @Override
    public void addReader(int subtask) {}

    /** Does nothing: readers receive shards as soon as there are some, without a request. */
    @Override
    public void handleSplitRequest(int subtask, @Nullable String hostname) {}

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        if (event instanceof RestoredShards holds) {
            readerRestored(subtask, holds);
        } else if (event instanceof ShardsFinished finished) {
            finished(subtask, finished.shards());
        } else if (event instanceof ShardsRead read) {
            progress.read(read.shards());
            return;
        } else {
            throw new IllegalArgumentException("unknown event " + event);
        }
        assign();
    }

    private void readerRestored(int subtask, RestoredShards holds) {
        List<Integer> open = holds.open().stream().map(Shard::id).toList();
        LOG.info("Reader {} restored open shards {} and finished shards {}", subtask, open, holds.finished());
        assignments.report(subtask, open);
        for (Shard shard : holds.open()) {
            tracker.heldByReader(shard);
            pendingFinishes.withdraw(shard.id());
        }
        finished(subtask, holds.finished());
        // The checkpoint that the reader restored is complete, so all groups read before it are delivered.
        tracker.delivered(holds.finished());
        sendReadOnly(open);
        if (assignments.allReported(context.currentParallelism())) {
            checkThatNoneIsLost();
        }
    }

    /** Checks that each assigned shard has a reader. Otherwise the shard would never be read again. */
    private void checkThatNoneIsLost() {
        for (TrackedShard shard : tracker.assigned()) {
            if (assignments.readerOf(shard.id()) == null) {
                throw new IllegalStateException("Shard " + shard.id() + " of " + config.logstore()
                        + " is assigned in the enumerator's state, but no reader has restored it. The state is not from"
                        + " a single checkpoint; restore another one.");
            }
        }
    }

    private void finished(int subtask, List<Integer> shards) {
        List<Integer> recorded = new ArrayList<>();
        for (int shard : shards) {
            Integer reader = assignments.readerOf(shard);
            boolean readAgainElsewhere = reader != null && reader != subtask;
            if (readAgainElsewhere || (tracker.isFinished(shard) && !pendingFinishes.contains(shard))) {
                recorded.add(shard);
            } else {
                LOG.info("Shard {} of {} is read to its end", shard, config.logstore());
                tracker.finish(shard);
                pendingFinishes.announced(subtask, shard);
                assignments.unassign(shard);
            }
        }
        send(Map.of(subtask, recorded), FinishesCheckpointed::new);
    }

    /** Called at each reset of a reader, also when there are no splits to give back. */
    @Override
    public void addSplitsBack(List<ShardSplit> splits, int subtask) {
        assignments.reset(subtask);
        for (ShardSplit split : splits) {
            tracker.giveBack(split);
            pendingFinishes.withdraw(split.shard());
        }
        showCounts();
    }

    private void assign() {
        if (assignments.allReported(context.currentParallelism())) {
            assign(tracker.assignable());
        }
        showCounts();
    }

    private void assign(List<ShardSplit> splits) {
        boolean ends = discovery.hasSeenAll() && tracker.allFinished();
        // Between its failure and its reset, a reader is no longer registered, although it has reported. Flink makes a
        // map of all readers for each question.
        if ((ends || !splits.isEmpty()) && context.registeredReaders().keySet().containsAll(assignments.readers())) {
            Map<Integer, List<ShardSplit>> assignment = new HashMap<>();
            for (ShardSplit split : splits) {
                int subtask = assignments.leastLoaded();
                LOG.info("Reader {} is assigned shard {} of {}", subtask, split.shard(), config.logstore());
                tracker.assign(split.shard());
                progress.begins(split);
                assignments.assign(subtask, split.shard());
                assignment.computeIfAbsent(subtask, key -> new ArrayList<>()).add(split);
            }
            if (!assignment.isEmpty()) {
                context.assignSplits(new SplitsAssignment<>(assignment));
                sendReadOnly(splits.stream().map(ShardSplit::shard).toList());
            }
            endReadersWhenDone();
        }
    }

    /**
     * Lets readers end only after all shards are recorded as finished here, not as soon as all are assigned. So no
     * checkpoint has a reader that ended without also containing its finishes.
     */
    private void endReadersWhenDone() {
        if (discovery.hasSeenAll() && tracker.allFinished()) {
            assignments.readers().stream().filter(assignments::markEnding).forEach(context::signalNoMoreSplits);
        }
    }

    private void sendReadOnly(List<Integer> shards) {
        Map<Integer, List<Integer>> byReader = new HashMap<>();
        for (int shard : shards) {
            Integer reader = assignments.readerOf(shard);
            if (reader != null && tracker.isReadOnly(shard)) {
                byReader.computeIfAbsent(reader, subtask -> new ArrayList<>()).add(shard);
            }
        }
        send(byReader, this::readOnly);
    }

    private ShardsReadOnly readOnly(List<Integer> shards) {
        Map<Integer, Long> closed = new HashMap<>();
        shards.forEach(shard -> closed.put(shard, tracker.closedAtSeconds(shard)));
        return new ShardsReadOnly(closed);
    }

    /** Sends events, except to readers that are down or ending. At its next start, a reader receives everything again. */
    private void send(Map<Integer, List<Integer>> shards, Function<List<Integer>, SourceEvent> event) {
        if (shards.values().stream().allMatch(List::isEmpty)) {
            return;
        }
        Set<Integer> registered = context.registeredReaders().keySet();
        shards.forEach((subtask, ids) -> {
            boolean listens = !ids.isEmpty()
                    && assignments.hasReported(subtask)
                    && !assignments.isEnding(subtask)
                    && registered.contains(subtask);
            if (listens) {
                context.sendEventToSourceReader(subtask, event.apply(ids));
            }
        });
    }

    private void showCounts() {
        int active = tracker.assignedCount();
        env.metrics().shards(active, tracker.unfinishedCount() - active, tracker.finishedCount());
    }

    @Override
    public EnumeratorState snapshotState(long checkpointId) {
        pendingFinishes.snapshot(checkpointId);
        return tracker.snapshot();
    }

    /** Delays the notification of readers: see {@link DelayedCheckpoints}. */
    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        checkpoints.completed(checkpointId);
    }

    private void settled(long checkpointId) {
        Map<Integer, List<Integer>> finishes = pendingFinishes.completed(checkpointId);
        finishes.values().forEach(tracker::delivered);
        send(finishes, FinishesCheckpointed::new);
        assign();
    }

    @Override
    public void close() {
        env.client().close();
    }
}
