package io.slsdispatch.connector.client.connection;

import io.slsdispatch.connector.task.GuardedTasks;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for what may block: look-ups of names and fetches of credentials. As many as there are such tasks, which their
 * callers bound, and gone soon after they are idle.
 */
final class BackgroundThreads implements Executor, AutoCloseable {

    private static final int IDLE_SECONDS = 10;

    /** How long closing waits for tasks to end, which they are told to. A look-up of a name does not listen. */
    private static final Duration END = Duration.ofSeconds(1);

    private final ThreadPoolExecutor threads;

    /** @param name of the threads */
    BackgroundThreads(String name) {
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                GuardedTasks.threads(name));
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /**
     * Ends the threads, and waits for a moment until they have: behind the last client of a job Flink closes the class
     * loader.
     */
    @Override
    public void close() {
        threads.shutdownNow();
        long end = System.nanoTime() + END.toNanos();
        boolean interrupted = false;
        while (!threads.isTerminated() && System.nanoTime() < end) {
            try {
                var unused = threads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
