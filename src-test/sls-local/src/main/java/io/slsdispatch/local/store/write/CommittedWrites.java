package io.slsdispatch.local.store.write;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;

/**
 * Writes for a store in a file, with group commit. One thread applies all waiting changes, commits them together, and
 * only then completes them for their callers and publishes them to readers. The more callers wait, the more changes
 * share a commit.
 *
 * <p>A commit writes to the file without forcing it to the disk (fsync): it survives a crash of the process, but not a
 * crash of the machine.
 */
public final class CommittedWrites implements Writes {

    private static final int MAX_CHANGES_PER_COMMIT = 1000;
    // A batch is also bounded in time, so that large groups do not wait for a thousand others.
    private static final long MAX_NANOS_PER_COMMIT = 20_000_000L;
    private static final int FILL_RATE_PERCENT = 60;
    private static final int COMPACT_BYTES = 16 * 1024 * 1024;
    private static final int COMMITS_PER_COMPACTION = 512;
    private static final Change<?> END = new Change<>(() -> Boolean.TRUE);

    private final MVStore store;
    private final BlockingQueue<Change<?>> queue = new LinkedBlockingQueue<>();
    private final List<Runnable> visible = new ArrayList<>();
    private final Thread thread;
    private int commitsSinceCompaction;

    // Guarded by this.
    private boolean closed;

    public CommittedWrites(MVStore store) {
        this.store = store;
        this.thread = new Thread(this::run, "sls-local-commit");
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Change<T> {

        private final Supplier<T> change;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private @Nullable T made;
        private @Nullable RuntimeException refused;

        Change(Supplier<T> change) {
            this.change = change;
        }

        void make() {
            try {
                made = change.get();
            } catch (RuntimeException thrown) {
                refused = thrown;
            }
        }

        @SuppressWarnings("NullAway") // A change of type Void completes with null.
        void complete() {
            if (refused != null) {
                result.completeExceptionally(refused);
            } else {
                result.complete(made);
            }
        }

        void fail(Throwable cause) {
            result.completeExceptionally(cause);
        }
    }

    @Override
    public <T> CompletableFuture<T> make(Supplier<T> change) {
        Change<T> waiting = new Change<>(change);
        synchronized (this) {
            if (closed) {
                waiting.fail(new IllegalStateException("The store is closed"));
            } else {
                queue.add(waiting);
            }
        }
        return waiting.result;
    }

    @Override
    public void publish(Runnable action) {
        visible.add(action);
    }

    private void run() {
        List<Change<?>> batch = new ArrayList<>();
        boolean more = true;
        while (more) {
            more = gather(batch);
            try {
                store.commit();
                visible.forEach(Runnable::run);
                batch.forEach(Change::complete);
            } catch (RuntimeException notWritten) {
                batch.forEach(change -> change.fail(notWritten));
            }
            visible.clear();
            batch.clear();
            compactNowAndThen();
        }
    }

    /** Applies the waiting changes, at least one. Returns false when the last one was the end marker. */
    private boolean gather(List<Change<?>> batch) {
        try {
            Change<?> next = queue.take();
            long deadline = System.nanoTime() + MAX_NANOS_PER_COMMIT;
            while (next != null) {
                if (next == END) {
                    return false;
                }
                next.make();
                batch.add(next);
                boolean full = batch.size() >= MAX_CHANGES_PER_COMMIT || System.nanoTime() - deadline > 0;
                next = full ? null : queue.poll();
            }
            return true;
        } catch (InterruptedException nobodyInterruptsThisThread) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Each commit writes the last page of each shard again; the space of the old pages must be reclaimed. */
    private void compactNowAndThen() {
        commitsSinceCompaction++;
        if (commitsSinceCompaction >= COMMITS_PER_COMPACTION && !store.isClosed()) {
            commitsSinceCompaction = 0;
            store.compact(FILL_RATE_PERCENT, COMPACT_BYTES);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            queue.add(END);
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
