package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.ErrorHints;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.metrics.ReaderMetrics;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.connector.task.FailureLog;
import io.slsdispatch.connector.task.GuardedTasks;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Committer of progress to a consumer group: commits the cursors of the last completed checkpoint. The group is for
 * information only; the state is authoritative. A committed cursor is never ahead of delivery: inside a batch it is the
 * cursor from which the batch was pulled. That requires that a completed checkpoint means delivery, which does not hold
 * for unaligned checkpoints: a source with those has no committer.
 *
 * <p>Commits run on a separate thread. A shard is committed at most every 10 s, however often checkpoints complete:
 * each commit is a request, and the service limits their rate. While commits are slow or not due, newer cursors of a
 * shard replace older ones; the last cursor of a finished shard is kept until it is committed. A failed commit is counted, and the next checkpoint retries
 * it. Only changed cursors are committed. A missing consumer group is created again, and all cursors are committed to
 * it.
 */
final class CursorCommitter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CursorCommitter.class);

    /** Pause before a failed commit is retried while {@link #await} waits. */
    private static final Duration RETRY_PAUSE = Duration.ofMillis(200);

    /** The time between two commits of a shard. */
    static final Duration BETWEEN_COMMITS = Duration.ofSeconds(10);

    private final SlsClient client;
    private final LogstoreId logstore;
    private final String consumerGroup;
    private final ReaderMetrics metrics;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService thread;
    private final ForeignCommitDetector foreignCommits;
    private final FailureLog failures;

    /** Cursors of the pending checkpoints (neither completed nor aborted), by checkpoint. Task thread. */
    private final TreeMap<Long, Map<Integer, Cursor>> snapshots = new TreeMap<>();

    /** Cursors of the newest completed checkpoint. Guarded by this. */
    private Map<Integer, Cursor> held = Map.of();

    /** Cursors to commit. Guarded by this. */
    private final TreeMap<Integer, Cursor> pending = new TreeMap<>();

    /** Whether the commit thread is running. Guarded by this. */
    private boolean running;

    /** Whether the commit thread runs again when the next commit is due. Guarded by this. */
    private boolean wakes;

    /** Whether all commits are due: the owner waits for them. Guarded by this. */
    private boolean hurries;

    /** Last committed cursors. Commit thread. */
    private final Map<Integer, Cursor> committed = new HashMap<>();

    /** When they were committed, in nanoseconds. Commit thread. */
    private final Map<Integer, Long> committedAt = new HashMap<>();

    /**
     * @param owner for the name of the thread
     * @param nanoTime as {@link System#nanoTime()}
     */
    CursorCommitter(
            SlsClient client,
            LogstoreId logstore,
            String consumerGroup,
            ReaderMetrics metrics,
            String owner,
            LongSupplier nanoTime) {
        this.client = client;
        this.logstore = logstore;
        this.consumerGroup = consumerGroup;
        this.metrics = metrics;
        this.foreignCommits = new ForeignCommitDetector(client, logstore, consumerGroup, metrics, nanoTime);
        this.failures = new FailureLog(LOG, nanoTime);
        this.nanoTime = nanoTime;
        this.thread = Executors.newSingleThreadScheduledExecutor(GuardedTasks.threads("sls commits of " + owner));
    }

    /** Records the positions of shards in a checkpoint. Task thread. */
    void snapshot(long checkpoint, Collection<ShardSplit> splits) {
        Map<Integer, Cursor> cursors = new HashMap<>();
        splits.forEach(split -> cursors.put(split.shard(), split.position().cursor()));
        snapshots.put(checkpoint, cursors);
    }

    /** Commits the cursors of a completed checkpoint, unless a newer one was completed before. Task thread. */
    void completed(long checkpoint) {
        Map<Integer, Cursor> cursors = snapshots.get(checkpoint);
        snapshots.headMap(checkpoint, true).clear();
        if (cursors == null) {
            return;
        }
        synchronized (this) {
            held = cursors;
            pending.putAll(cursors);
            run();
        }
    }

    /** Drops the cursors of an aborted checkpoint. Task thread. */
    void aborted(long checkpoint) {
        snapshots.remove(checkpoint);
    }

    /**
     * Waits until the cursors of all completed checkpoints are committed. Failed commits are retried meanwhile.
     *
     * @param limit maximum time to wait
     * @return whether everything is committed
     * @throws InterruptedException at once if the thread is interrupted
     */
    synchronized boolean await(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        long left = limit.toNanos();
        hurries = true;
        run();
        while ((running || !pending.isEmpty()) && left > 0 && !thread.isShutdown()) {
            TimeUnit.NANOSECONDS.timedWait(this, running ? left : Math.min(left, RETRY_PAUSE.toNanos()));
            if (!pending.isEmpty()) {
                run();
            }
            left = end - System.nanoTime();
        }
        return !running && pending.isEmpty();
    }

    private synchronized void run() {
        if (!running && !thread.isShutdown()) {
            running = true;
            GuardedTasks.execute(thread, this::commitAll, this::broken);
        }
    }

    private synchronized void stopped() {
        running = false;
        notifyAll();
    }

    private void broken(Throwable error) {
        stopped();
        failed("", error);
    }

    private void commitAll() {
        forgetOthers();
        if (foreignCommits.groupLacksCommits()) {
            commitAllAgain();
        }
        boolean mayCreate = true;
        Map.Entry<Integer, Cursor> next = nextAfter(-1);
        while (next != null) {
            SlsException error = thread.isShutdown() ? null : commit(next.getKey(), next.getValue());
            if (error != null && error.kind() == ErrorKind.NOT_FOUND && mayCreate && createGroup()) {
                mayCreate = false;
                commitAllAgain();
            } else if (thread.isShutdown() || (error != null && !concernsShardAlone(error))) {
                stopped();
                return;
            } else {
                done(next.getKey(), next.getValue());
            }
            next = nextAfter(next.getKey());
        }
    }

    /** Returns whether the error affects only this shard. The next checkpoint commits it again, if it contains it. */
    private static boolean concernsShardAlone(SlsException error) {
        return switch (error.kind()) {
            case SHARD_NOT_FOUND, CURSOR_EXPIRED, INVALID_REQUEST -> true;
            default -> false;
        };
    }

    /** Removes finished shards whose cursors are committed. */
    private void forgetOthers() {
        Set<Integer> ours = new HashSet<>();
        synchronized (this) {
            ours.addAll(held.keySet());
            ours.addAll(pending.keySet());
        }
        committed.keySet().retainAll(ours);
        committedAt.keySet().retainAll(ours);
        foreignCommits.retain(ours);
    }

    private void commitAllAgain() {
        committed.clear();
        committedAt.clear();
        synchronized (this) {
            held.forEach(pending::putIfAbsent);
        }
    }

    /**
     * Returns the next shard in turn whose commit is due, so that no shard waits forever while others change; null if
     * there is none.
     */
    private synchronized Map.@Nullable Entry<Integer, Cursor> nextAfter(int shard) {
        long now = nanoTime.getAsLong();
        long earliest = Long.MAX_VALUE;
        for (Map<Integer, Cursor> part : List.of(pending.tailMap(shard, false), pending.headMap(shard, true))) {
            for (Map.Entry<Integer, Cursor> next : part.entrySet()) {
                long wait = toWait(next.getKey(), next.getValue(), now);
                if (wait <= 0) {
                    return Map.entry(next.getKey(), next.getValue());
                }
                earliest = Math.min(earliest, wait);
            }
        }
        if (earliest < Long.MAX_VALUE && !wakes) {
            wakes = true;
            GuardedTasks.schedule(thread, Duration.ofNanos(earliest), this::wakeUp, this::broken);
        }
        stopped();
        return null;
    }

    /** Nanoseconds until a cursor may be committed; one that is committed already needs no request. */
    private long toWait(int shard, Cursor cursor, long now) {
        Long last = committedAt.get(shard);
        if (last == null || hurries || cursor.equals(committed.get(shard))) {
            return 0;
        }
        return BETWEEN_COMMITS.toNanos() - (now - last);
    }

    private synchronized void wakeUp() {
        wakes = false;
        run();
    }

    private synchronized void done(int shard, Cursor cursor) {
        pending.remove(shard, cursor);
    }

    /** Returns why the commit failed; null if it succeeded. */
    private @Nullable SlsException commit(int shard, Cursor cursor) {
        if (cursor.equals(committed.get(shard))) {
            return null;
        }
        long now = nanoTime.getAsLong();
        try {
            foreignCommits.committing(shard, cursor);
            client.commitCursor(logstore, consumerGroup, shard, cursor.text());
            foreignCommits.committed(shard, cursor);
            committed.put(shard, cursor);
            committedAt.put(shard, now);
            return null;
        } catch (SlsException e) {
            failed(" of shard " + shard, e);
            return e;
        }
    }

    /** Creates the group again; it was deleted, alone or together with its logstore. */
    private boolean createGroup() {
        try {
            client.createConsumerGroup(logstore, consumerGroup);
            LOG.warn(
                    "Consumer group '{}' of {} was missing: the group or the logstore was deleted. The group was"
                            + " recreated",
                    consumerGroup,
                    logstore);
            return true;
        } catch (SlsException e) {
            failed("", e);
            return false;
        }
    }

    private void failed(String what, Throwable error) {
        if (thread.isShutdown()) {
            return;
        }
        metrics.groupCommitFailed();
        failures.warn(
                "commits",
                error,
                () -> "Committing the progress" + what + " of " + logstore + " to consumer group '" + consumerGroup
                        + "' fails; each checkpoint retries it, and delivery continues. "
                        + (error instanceof SlsException refused ? ErrorHints.of(refused) + ". " : "")
                        + error.getMessage());
    }

    /** Stops the thread. Close the client first: that ends a pending call. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
