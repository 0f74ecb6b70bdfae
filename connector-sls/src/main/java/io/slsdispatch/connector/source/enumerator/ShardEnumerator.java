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
import io.slsdispatch.connector.source.split.ShardEvent.ShardsReadOnly;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.connector.task.FlinkTasks;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * Decides which shard is read when, and by which reader. A shard's life, and what a crash does to it:
 *
 * <ol>
 *   <li><b>Found</b> by a listing. From then on it is in state, so it cannot be overlooked: one of the first listing with
 *       the mark that the configured start applies, a later one to be read from its beginning. <i>A crash before the next
 *       checkpoint</i> finds it again; "end" was frozen to a time when the job was built, so it is the same start. After
 *       a checkpoint what the start became is in state ({@link ResolvedStart}), for shards that have no cursor yet.
 *   <li><b>Resolved</b>: its start is a cursor, in state.
 *   <li><b>Waiting</b> until all its ancestors are finished ({@link ShardLineage}) and, if so configured, all their groups
 *       delivered ({@link ShardOrder}), and until every reader has said what it restored. Flink deals reader state out anew on rescale without asking, so a shard may be with any reader.
 *   <li><b>Assigned.</b> The position is the reader's from here on, and only the reader's. Flink delivers an assignment
 *       before the reader's part of a checkpoint exactly when it was made before the enumerator's part. <i>A crash of the
 *       reader</i> brings the split back through {@link #addSplitsBack} if its checkpoint does not have it; else the reader
 *       restores it and says so in {@link RestoredShards}.
 *   <li><b>Read-only</b> since a split or merge: the reader is told, and can look for the end.
 *   <li><b>Finished.</b> The reader says so by an event, which no checkpoint contains (FLINK-28639). So it keeps the
 *       shard in its own state until it hears that a completed checkpoint of the enumerator has the finish
 *       ({@link PendingFinishes}). <i>A crash before</i> makes it say so again. A reader alone may also fall back to a
 *       checkpoint in which the shard was still open, while this enumerator goes on: then it is open again here too, and
 *       children that were not given out yet wait again.
 *   <li><b>Delivered</b>, all its groups, once a checkpoint is completed whose enumerator part has the finish. The reader
 *       emitted the last group before it said that it finished, so before its barrier, and sinks let no barrier pass before
 *       they have delivered what came before it. A completed checkpoint that is never heard of is made up for by the next,
 *       one that is heard of late ({@link DelayedCheckpoints}) holds no less, an aborted one counts for nothing; what was restored, was complete.
 *   <li><b>Remembered</b> for ever in a bit ({@link FinishedShards}), so that no listing brings it back.
 * </ol>
 *
 * <p>All methods run on the coordinator thread. Requests run on the one worker thread, which only reads what it is passed
 * and returns a value.
 */
@Internal
public final class ShardEnumerator implements SplitEnumerator<ShardSplit, EnumeratorState> {

    private static final Logger LOG = LoggerFactory.getLogger(ShardEnumerator.class);

    /** Much longer than tasks take to end, and short for who waits for the children of a shard. */
    private static final Duration SETTLING = Duration.ofMillis(500);

    private final EnumeratorEnvironment env;
    private final SplitEnumeratorContext<ShardSplit> context;
    private final SourceConfig config;
    private final ShardTracker tracker;
    private final ShardDiscovery discovery;
    private final ConsumerGroupCreation groupCreation;
    private final RetentionMonitor retention;
    private final StartGroupMonitor startGroup;
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
        explainStart(state);
        showCounts();
    }

    /** State is the truth about where shards begin that were listed before it was taken; who changed 'start' must know. */
    private void explainStart(EnumeratorState state) {
        if (!state.needsStart()) {
            return;
        }
        if (state.start() == null) {
            LOG.warn(
                    "The restored state of {} was written by an earlier build, which did not keep what the start became."
                            + " The shards of the first listing that have no cursor yet begin at: {}. A start of 'end' was the"
                            + " moment of the earlier submission; it is not known any more, so everything is read that these"
                            + " shards hold. To read less, start without the state",
                    config.logstore(),
                    tracker.start().position());
        } else if (!state.start().position().equals(config.start())) {
            LOG.info(
                    "Shards of {} that have no cursor yet begin where the restored state says: {}. The configured start {}"
                            + " is for a source without state",
                    config.logstore(),
                    state.start().position(),
                    config.start());
        }
    }

    /** The enumerator of a source that never ran, with a client of its own. */
    public static ShardEnumerator create(
            SplitEnumeratorContext<ShardSplit> context, SlsClientFactory clients, SourceConfig config) {
        return new ShardEnumerator(env(context, clients, config), EnumeratorState.fresh(config));
    }

    /**
     * The enumerator of a source that goes on, with a client of its own. When the state cannot be read, or is of another
     * logstore or of another bounded run, one that fails the job as soon as it is started.
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
                (ignored, error) -> checkpoints.next().ifPresent(this::settled),
                SETTLING,
                SETTLING);
        groupCreation.start();
        retention.start();
        startGroup.start();
        discovery.start(becameReadOnly -> {
            sendReadOnly(becameReadOnly);
            assign();
        });
    }

    /** Nothing to do: a reader takes part from its {@link RestoredShards} on. */
    @Override
    public void addReader(int subtask) {}

    /** Readers are given shards as soon as there are some; they do not ask. */
    @Override
    public void handleSplitRequest(int subtask, @Nullable String hostname) {}

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        if (event instanceof RestoredShards holds) {
            readerRestored(subtask, holds);
        } else if (event instanceof ShardsFinished finished) {
            finished(subtask, finished.shards());
        } else {
            throw new IllegalArgumentException("unknown event " + event);
        }
        assign();
    }

    private void readerRestored(int subtask, RestoredShards holds) {
        List<Integer> open = holds.open().stream().map(Shard::id).toList();
        LOG.info("Reader {} holds open shards {} and finished shards {}", subtask, open, holds.finished());
        assignments.report(subtask, open);
        for (Shard shard : holds.open()) {
            tracker.heldByReader(shard);
            pendingFinishes.withdraw(shard.id());
        }
        finished(subtask, holds.finished());
        // The checkpoint that the reader restored is complete, so what it had read before that is delivered.
        tracker.delivered(holds.finished());
        sendReadOnly(open);
        if (assignments.allReported(context.currentParallelism())) {
            checkThatNoneIsLost();
        }
    }

    /** A shard that is assigned, but with nobody, would never be read again. */
    private void checkThatNoneIsLost() {
        for (TrackedShard shard : tracker.assigned()) {
            if (assignments.readerOf(shard.id()) == null) {
                throw new IllegalStateException("Shard " + shard.id() + " of " + config.logstore()
                        + " is being read by the state of the enumerator, but no reader has restored it. The state is"
                        + " not of one checkpoint; restore another one.");
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
        send(subtask, recorded, FinishesCheckpointed::new);
    }

    /** Called at each reset of a reader, also when there is nothing to give back. */
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
        // Between the failure of a reader and its reset it is not registered any more, but did report.
        boolean ready = assignments.allReported(context.currentParallelism())
                && context.registeredReaders().keySet().containsAll(assignments.readers());
        if (ready) {
            Map<Integer, List<ShardSplit>> assignment = new HashMap<>();
            for (ShardSplit split : tracker.assignable()) {
                int subtask = assignments.leastLoaded();
                LOG.info("Reader {} gets shard {} of {}", subtask, split.shard(), config.logstore());
                tracker.assign(split.shard());
                assignments.assign(subtask, split.shard());
                assignment.computeIfAbsent(subtask, key -> new ArrayList<>()).add(split);
            }
            if (!assignment.isEmpty()) {
                context.assignSplits(new SplitsAssignment<>(assignment));
                assignment
                        .values()
                        .forEach(splits -> sendReadOnly(
                                splits.stream().map(ShardSplit::shard).toList()));
            }
            endReadersWhenDone();
        }
        showCounts();
    }

    /**
     * Readers end only after everything is known to be finished here, not as soon as all is given out: so there is no
     * checkpoint in which a reader has ended that does not also hold its finishes.
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
        byReader.forEach((subtask, ids) -> send(subtask, ids, this::readOnly));
    }

    private ShardsReadOnly readOnly(List<Integer> shards) {
        Map<Integer, Long> closed = new HashMap<>();
        shards.forEach(shard -> closed.put(shard, tracker.closedAtSeconds(shard)));
        return new ShardsReadOnly(closed);
    }

    /** A reader that is down, or ends by itself, cannot take events; at its next start it is told everything anew. */
    private void send(int subtask, List<Integer> shards, Function<List<Integer>, SourceEvent> event) {
        boolean listens = assignments.hasReported(subtask)
                && !assignments.isEnding(subtask)
                && context.registeredReaders().containsKey(subtask);
        if (listens && !shards.isEmpty()) {
            context.sendEventToSourceReader(subtask, event.apply(shards));
        }
    }

    private void showCounts() {
        int active = tracker.assigned().size();
        env.metrics().shards(active, tracker.unfinished().size() - active, tracker.finishedCount());
    }

    @Override
    public EnumeratorState snapshotState(long checkpointId) {
        pendingFinishes.snapshot(checkpointId);
        return tracker.snapshot();
    }

    /** Nobody is told before this has settled: see {@link DelayedCheckpoints}. */
    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        checkpoints.completed(checkpointId);
    }

    private void settled(long checkpointId) {
        pendingFinishes.completed(checkpointId).forEach((subtask, shards) -> {
            tracker.delivered(shards);
            send(subtask, shards, FinishesCheckpointed::new);
        });
        assign();
    }

    @Override
    public void close() {
        env.client().close();
    }
}
