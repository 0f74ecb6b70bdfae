package io.slsdispatch.connector.task;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.function.BiConsumer;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.function.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

/**
 * Passes work to Flink's threads and timers. All such work must use this class. An exception fails the task or the job.
 */
@Internal
public final class FlinkTasks {

    private FlinkTasks() {}

    /**
     * Runs a call on the enumerator's worker thread, and handles its result on the coordinator thread.
     *
     * @param handler receives the result, or the exception or {@link Error} that the call threw. An exception of the
     *     handler itself fails the job. An error is wrapped in an exception, because Flink does not fail the job for an
     *     exhausted heap on that thread (SourceCoordinatorContext.handleUncaughtExceptionFromAsyncCall rethrows it to
     *     an executor that drops it)
     */
    public static <T> void callAsync(
            SplitEnumeratorContext<?> context, Callable<T> call, BiConsumer<@Nullable T, @Nullable Throwable> handler) {
        context.callAsync(call, failing(handler));
    }

    /**
     * Like {@link #callAsync(SplitEnumeratorContext, Callable, BiConsumer)}, but repeated until the job ends.
     *
     * @param delay before the first call
     * @param period between the starts of calls
     */
    public static <T> void callAsync(
            SplitEnumeratorContext<?> context,
            Callable<T> call,
            BiConsumer<@Nullable T, @Nullable Throwable> handler,
            Duration delay,
            Duration period) {
        context.callAsync(call, failing(handler), delay.toMillis(), period.toMillis());
    }

    /**
     * Runs a callback on the task thread at a later time. An exception fails the task
     * (StreamTask.invokeProcessingTimeCallback).
     *
     * @return the timer, which can be cancelled
     */
    public static ScheduledFuture<?> timer(
            ProcessingTimeService time, Duration delay, ProcessingTimeCallback callback) {
        return time.registerTimer(time.getCurrentProcessingTime() + delay.toMillis(), callback);
    }

    /**
     * Runs an action on the task thread as soon as possible. May be called from any thread. An exception fails the
     * task.
     *
     * @return whether the action was accepted; if not, the task has ended and the action does not run
     */
    public static boolean mail(
            MailboxExecutor mailbox, ThrowingRunnable<? extends Exception> action, String description) {
        try {
            mailbox.execute(action, description);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private static <T> BiConsumer<T, Throwable> failing(BiConsumer<@Nullable T, @Nullable Throwable> handler) {
        return (result, failure) -> {
            try {
                handler.accept(result, failure);
            } catch (Error e) {
                throw new IllegalStateException("Fatal error in a call of the enumerator: " + e, e);
            }
        };
    }
}
