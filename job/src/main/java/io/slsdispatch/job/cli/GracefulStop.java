package io.slsdispatch.job.cli;

import io.slsdispatch.connector.task.GuardedTasks;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Graceful stop of a command that is interrupted (Ctrl-C, {@code kill}): the command is signalled to stop, and the process
 * waits for it, up to a time limit.
 */
final class GracefulStop implements AutoCloseable {

    private final Runnable stop;
    private final Duration lastWork;
    private final AtomicBoolean isStopped = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = GuardedTasks.threads("interruption")
            .newThread(GuardedTasks.guarded(this::stopAndWait, failure -> {
                // The process is ending; there is nothing to report to.
            }));

    /**
     * Begins to listen.
     *
     * @param stop signals the command to stop; called from another thread
     * @param lastWork how long the process waits for the command then
     */
    GracefulStop(Runnable stop, Duration lastWork) {
        this.stop = stop;
        this.lastWork = lastWork;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stopAndWait() throws InterruptedException {
        isStopped.set(true);
        stop.run();
        var unused = ended.await(lastWork.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Removes the stop when the command has ended. */
    @Override
    public void close() {
        ended.countDown();
        if (!isStopped.get()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException theProcessIsEnding) {
                // The shutdown hook is running already, and ends at once.
            }
        }
    }
}
