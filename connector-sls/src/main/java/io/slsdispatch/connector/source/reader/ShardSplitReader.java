package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.PackedBatch;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.source.reader.PullAction.PullResult;
import io.slsdispatch.connector.source.reader.PulledRecords.PulledGroup;
import io.slsdispatch.connector.source.reader.PulledRecords.SplitUpdate;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.connector.task.GuardedTasks;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.jspecify.annotations.Nullable;

/**
 * Split reader that serves all shards of a reader with one thread. It starts the actions that are due, within the limit
 * of pulls in flight and the byte budget, and waits for the first response. Pulls are asynchronous: the next batches
 * arrive while one is passed on, and a waiting shard blocks no thread.
 *
 * <p>All code runs on the fetcher thread, except {@link #wakeUp} and the arrival of responses.
 */
final class ShardSplitReader implements SplitReader<PulledGroup, ShardSplit> {

    private final ReaderEnvironment env;
    private final GroupIndex.Builder indexer;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Map<String, Slot> slots = new HashMap<>();
    private final PullSchedule<Slot> schedule = new PullSchedule<>();
    private final Queue<PulledRecords> finished = new ArrayDeque<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private int pullsUnderWay;

    /** Why a response could not be stored; null if none was lost. */
    private volatile @Nullable Throwable lost;

    ShardSplitReader(ReaderEnvironment env) {
        this.env = env;
        this.indexer = new GroupIndex.Builder(env.config().packing());
    }

    /** A shard, and the reasons why it is not served now. */
    private static final class Slot {

        final ShardPuller puller;

        @Nullable
        CompletableFuture<?> underWay;

        boolean paused;

        /** Whether the shard was due while paused, so that it is not in the schedule. */
        boolean parked;

        boolean removed;

        Slot(ShardPuller puller) {
            this.puller = puller;
        }
    }

    /** Response to an action, with its duration and the time of its arrival: a value or an error. */
    private record Answer(
            Slot slot,
            PullAction action,
            @Nullable Object value,
            @Nullable Throwable error,
            long nanos,
            long arrivedAt) {}

    @Override
    public RecordsWithSplitIds<PulledGroup> fetch() throws IOException {
        while (true) {
            if (lost != null) {
                throw new IOException("A response of the service was lost in this process", lost);
            }
            startActions();
            PulledRecords records = finished.poll();
            Answer answer = records == null ? answers.poll() : null;
            if (answer != null) {
                records = take(answer);
            } else if (records == null && woken.getAndSet(false)) {
                records = SplitUpdate.none();
            } else if (records == null) {
                await();
            }
            if (records != null) {
                return records;
            }
        }
    }

    private void await() throws IOException {
        try {
            env.signal().await(schedule.nanosToNext(System.nanoTime()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for responses", e);
        }
    }

    /** Starts due actions in turn, until one must wait for a free pull or for the byte budget. */
    private void startActions() {
        schedule.advance(System.nanoTime());
        Slot slot = schedule.peek();
        while (slot != null && start(slot)) {
            schedule.remove();
            slot = schedule.peek();
        }
    }

    private boolean start(Slot slot) {
        if (slot.removed || slot.paused) {
            slot.parked = true;
            return true;
        }
        PullAction action = slot.puller.nextAction();
        if (action instanceof PullAction.Pull pull) {
            boolean mayPull = pullsUnderWay < env.config().pulls().maxConcurrentPulls()
                    && env.budget().tryTake(pull.expectedBytes());
            if (mayPull) {
                pullsUnderWay++;
                answerTo(slot, pull, env.client().pullPacked(pull.request()));
            }
            return mayPull;
        }
        if (action instanceof PullAction.LookUp lookUp) {
            answerTo(slot, lookUp, env.lookups().ask(slot.puller.shard(), lookUp));
        } else {
            slot.removed = true;
            slots.remove(ShardSplit.splitId(slot.puller.shard()));
            finished.add(SplitUpdate.finished(slot.puller.shard()));
        }
        return true;
    }

    private void answerTo(Slot slot, PullAction action, CompletableFuture<?> future) {
        slot.underWay = future;
        long askedAt = System.nanoTime();
        GuardedTasks.whenDone(
                future,
                (value, error) -> {
                    long now = System.nanoTime();
                    answers.add(new Answer(slot, action, value, error, now - askedAt, now));
                    env.signal().raise();
                },
                failure -> {
                    // If the response cannot be stored because memory is exhausted, its shard would wait forever.
                    lost = failure;
                    env.signal().raise();
                });
    }

    private @Nullable PulledRecords take(Answer answer) throws IOException {
        Slot slot = answer.slot;
        slot.underWay = null;
        if (answer.action instanceof PullAction.Pull) {
            pullsUnderWay--;
            if (answer.error == null) {
                env.metrics().of(slot.puller.shard()).pulled(answer.nanos);
            }
        }
        if (slot.removed || slot.paused) {
            // Stored for later, it would use bytes of the budget that other shards need. It is requested again.
            slot.parked = true;
            release(answer.action);
            return null;
        }
        PullResult result = result(answer);
        schedule.add(slot, System.nanoTime() + slot.puller.pauseNanos(), slot.puller.earlyNanos());
        if (result instanceof PullResult.Emit emit && answer.action instanceof PullAction.Pull pull) {
            long bytes = emit.batch().length();
            env.budget().correct(pull.expectedBytes(), bytes);
            // Sends the next pull before this batch is passed on, so that the two overlap.
            startActions();
            return new PulledRecords.Batch(
                    slot.puller.shard(), emit, () -> env.budget().giveBack(bytes));
        }
        release(answer.action);
        return result instanceof PullResult.Move move ? SplitUpdate.moved(slot.puller.shard(), move.position()) : null;
    }

    private void release(PullAction action) {
        if (action instanceof PullAction.Pull pull) {
            env.budget().giveBack(pull.expectedBytes());
        }
    }

    private static PullResult result(Answer answer) throws IOException {
        ShardPuller puller = answer.slot.puller;
        if (answer.action instanceof PullAction.Pull pull && answer.value instanceof PackedBatch packed) {
            return pulled(puller, pull, packed, answer);
        }
        if (answer.action instanceof PullAction.LookUp lookUp && answer.value instanceof PullAction.LookedUp lookedUp) {
            return puller.lookedUp(lookUp, lookedUp);
        }
        Throwable error = answer.error instanceof CompletionException ? answer.error.getCause() : answer.error;
        if (error instanceof SlsException refused) {
            return puller.failed(answer.action, refused);
        }
        throw new IOException("A request for shard " + puller.shard() + " failed unexpectedly", error);
    }

    private static PullResult pulled(ShardPuller puller, PullAction.Pull pull, PackedBatch packed, Answer answer)
            throws IOException {
        PulledBatch batch;
        try {
            batch = packed.unpack();
        } catch (SlsException unreadable) {
            return puller.unreadable(pull, unreadable);
        }
        return puller.pulled(pull, batch, answer.nanos, System.nanoTime() - answer.arrivedAt);
    }

    @Override
    public void handleSplitsChanges(SplitsChange<ShardSplit> change) {
        for (ShardSplit split : change.splits()) {
            if (change instanceof SplitsAddition) {
                Slot slot = new Slot(new ShardPuller(split, env, indexer, System::nanoTime, random));
                slots.put(split.splitId(), slot);
                schedule.add(slot, System.nanoTime(), 0);
            } else {
                remove(slots.remove(split.splitId()));
            }
        }
    }

    private static void remove(@Nullable Slot slot) {
        if (slot != null) {
            slot.removed = true;
            cancel(slot);
        }
    }

    private static void cancel(Slot slot) {
        if (slot.underWay != null) {
            slot.underWay.cancel(true);
        }
    }

    @Override
    public void pauseOrResumeSplits(Collection<ShardSplit> pause, Collection<ShardSplit> resume) {
        for (ShardSplit split : pause) {
            Slot slot = slots.get(split.splitId());
            if (slot != null) {
                slot.paused = true;
            }
        }
        for (ShardSplit split : resume) {
            Slot slot = slots.get(split.splitId());
            if (slot != null) {
                slot.paused = false;
                if (slot.parked) {
                    slot.parked = false;
                    schedule.add(slot, System.nanoTime(), 0);
                }
            }
        }
    }

    /** Ends the current {@link #fetch}, or the next one. */
    @Override
    public void wakeUp() {
        woken.set(true);
        env.signal().raise();
    }

    @Override
    public void close() {
        slots.values().forEach(ShardSplitReader::cancel);
    }
}
