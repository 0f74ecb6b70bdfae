package io.slsdispatch.job.cli;

import io.slsdispatch.connector.task.GuardedTasks;
import io.slsdispatch.job.redrive.StopSignal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command that is interrupted (Ctrl-C, {@code kill}) come to an orderly end: it is told to stop, and the process
 * lasts until it has, for so long at most.
 */
final class GracefulStop implements AutoCloseable {

    private static final Duration LAST_WORK = Duration.ofSeconds(20);

    private final StopSignal signal = new StopSignal();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = GuardedTasks.threads("interruption")
            .newThread(GuardedTasks.guarded(this::stopAndWait, failure -> {
                // The process is ending; nobody is left to hear of it.
            }));

    GracefulStop() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    StopSignal signal() {
        return signal;
    }

    private void stopAndWait() throws InterruptedException {
        signal.stop();
        ended.await(LAST_WORK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The command has ended. */
    @Override
    public void close() {
        ended.countDown();
        if (!signal.isStopped()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException theProcessIsEnding) {
                // The hook runs, and ends at once.
            }
        }
    }
}
