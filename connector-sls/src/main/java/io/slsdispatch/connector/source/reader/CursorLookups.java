package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.task.GuardedTasks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asynchronous look-ups of cursors. The calls to the service block, so they run on a separate thread. */
final class CursorLookups implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CursorLookups.class);

    /** Cache time: the retention rarely changes, and empty ranges may be frequent. */
    private static final Duration RETENTION_VALID = Duration.ofMinutes(1);

    private final SlsClient client;
    private final LogstoreId logstore;
    private final ExecutorService thread;

    /** The last retention that the service returned. Look-up thread. */
    private @Nullable Duration retention;

    private long retentionAskedAt;

    CursorLookups(SlsClient client, LogstoreId logstore, String owner) {
        this.client = client;
        this.logstore = logstore;
        this.thread = Executors.newSingleThreadExecutor(GuardedTasks.threads("sls cursor look-ups of " + owner));
    }

    /**
     * Looks up a cursor. The future completes on the look-up thread, or fails with whatever the look-up threw, such as
     * a {@link SlsException}.
     */
    CompletableFuture<PullAction.LookedUp> ask(int shard, PullAction.LookUp lookUp) {
        if (thread.isShutdown()) {
            return CompletableFuture.failedFuture(new IllegalStateException("closed"));
        }
        return GuardedTasks.call(thread, () -> lookUp(shard, lookUp));
    }

    private PullAction.LookedUp lookUp(int shard, PullAction.LookUp lookUp) throws SlsException {
        boolean gone = false;
        if (lookUp.check() != null) {
            try {
                client.cursorTime(logstore, shard, lookUp.check().text());
            } catch (SlsException e) {
                if (e.kind() != ErrorKind.CURSOR_EXPIRED) {
                    throw e;
                }
                gone = true;
            }
        }
        String cursor = client.cursor(logstore, shard, lookUp.origin());
        return new PullAction.LookedUp(
                Cursor.of(cursor),
                gone,
                lookUp.isTimed() ? time(shard, cursor) : 0,
                lookUp.isRetentionWanted() ? retention() : null);
    }

    private @Nullable Duration retention() throws SlsException {
        if (retention == null || System.nanoTime() - retentionAskedAt > RETENTION_VALID.toNanos()) {
            try {
                retention = client.retention(logstore);
                retentionAskedAt = System.nanoTime();
            } catch (SlsException e) {
                if (e.kind() == ErrorKind.UNAVAILABLE || e.kind() == ErrorKind.THROTTLED) {
                    throw e;
                }
                LOG.debug("The retention of {} is unknown", logstore, e);
                return null;
            }
        }
        return retention;
    }

    private long time(int shard, String cursor) {
        try {
            return client.cursorTime(logstore, shard, cursor).getEpochSecond();
        } catch (SlsException e) {
            // For information only, and not worth a retry.
            LOG.debug("The receive time of the group at cursor {} of shard {} is unknown", cursor, shard, e);
            return 0;
        }
    }

    /** Stops the thread. Close the client first: that ends a pending call. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
