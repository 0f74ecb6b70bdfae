package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.metrics.ReaderMetrics;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows progress to the service: the cursors of the last completed checkpoint, in a consumer group. It is information
 * only; the state is the truth. What is committed is never ahead of what was delivered: inside a batch it is the cursor
 * that the batch was pulled from.
 *
 * <p>Commits run on a thread of their own. While they are slow, newer checkpoints replace older ones; when one fails, it
 * is counted, and the next checkpoint tries again. Only cursors that changed are committed.
 */
final class CursorCommitter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CursorCommitter.class);

    private final SlsClient client;
    private final LogstoreId logstore;
    private final String consumerGroup;
    private final ReaderMetrics metrics;
    private final ExecutorService thread;
    private final ForeignCommits foreignCommits;

    /** Cursors of the checkpoints that are not completed or aborted, by checkpoint. Task thread. */
    private final TreeMap<Long, Map<Integer, Cursor>> snapshots = new TreeMap<>();

    /** What is to be committed next; null when nothing is. */
    private @Nullable Map<Integer, Cursor> newest;

    private boolean underWay;

    /** Commit thread. */
    private final Map<Integer, Cursor> committed = new HashMap<>();

    /** Commit thread: whether the last round failed, so that a long outage is logged once. */
    private boolean failing;

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
        this.foreignCommits = new ForeignCommits(client, logstore, consumerGroup, metrics, nanoTime);
        this.thread = Executors.newSingleThreadExecutor(runnable -> {
            Thread made = new Thread(runnable, "sls commits of " + owner);
            made.setDaemon(true);
            return made;
        });
    }

    /** Notes where shards stand in a checkpoint. Task thread. */
    void snapshot(long checkpoint, Collection<ShardSplit> splits) {
        Map<Integer, Cursor> cursors = new HashMap<>();
        splits.forEach(split -> cursors.put(split.shard(), split.position().cursor()));
        snapshots.put(checkpoint, cursors);
    }

    /** Commits what a checkpoint holds, soon. Task thread. */
    void completed(long checkpoint) {
        Map<Integer, Cursor> cursors = snapshots.get(checkpoint);
        snapshots.headMap(checkpoint, true).clear();
        if (cursors == null) {
            return;
        }
        synchronized (this) {
            newest = cursors;
            if (!underWay && !thread.isShutdown()) {
                underWay = true;
                thread.execute(this::commitAll);
            }
        }
    }

    /** Forgets a checkpoint that will never be completed. Task thread. */
    void aborted(long checkpoint) {
        snapshots.remove(checkpoint);
    }

    private void commitAll() {
        Map<Integer, Cursor> round = takeNewest();
        while (round != null) {
            commit(round);
            round = takeNewest();
        }
    }

    private synchronized @Nullable Map<Integer, Cursor> takeNewest() {
        Map<Integer, Cursor> round = newest;
        newest = null;
        underWay = round != null;
        return round;
    }

    private synchronized boolean isOutdated() {
        return newest != null;
    }

    private void commit(Map<Integer, Cursor> cursors) {
        committed.keySet().retainAll(cursors.keySet());
        foreignCommits.retain(cursors.keySet());
        foreignCommits.lookWhenDue();
        Iterator<Map.Entry<Integer, Cursor>> left = cursors.entrySet().iterator();
        boolean goOn = true;
        while (goOn && left.hasNext() && !thread.isShutdown() && !isOutdated()) {
            Map.Entry<Integer, Cursor> next = left.next();
            if (!next.getValue().equals(committed.get(next.getKey()))) {
                goOn = commit(next.getKey(), next.getValue());
            }
        }
    }

    /** Returns whether it makes sense to go on with other shards. */
    private boolean commit(int shard, Cursor cursor) {
        try {
            foreignCommits.committing(shard, cursor);
            client.commitCursor(logstore, consumerGroup, shard, cursor.text());
            foreignCommits.committed(shard, cursor);
            committed.put(shard, cursor);
            failing = false;
            return true;
        } catch (SlsException e) {
            failed(shard, e);
            return e.kind() == ErrorKind.SHARD_NOT_FOUND;
        } catch (RuntimeException e) {
            // Whatever it is, it must not end the commits that later checkpoints bring.
            failed(shard, e);
            return false;
        }
    }

    private void failed(int shard, Exception error) {
        if (thread.isShutdown()) {
            return;
        }
        metrics.groupCommitFailed();
        if (!failing) {
            LOG.warn(
                    "Progress of shard {} of {} is not committed to consumer group '{}'. The next checkpoint tries again",
                    shard,
                    logstore,
                    consumerGroup,
                    error);
        }
        failing = true;
    }

    /** Ends the thread. A call under way ends when the client is closed, which must come first. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
