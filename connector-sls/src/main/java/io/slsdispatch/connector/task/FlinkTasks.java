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

/** The only way in which work is given to Flink's threads and timers. Whatever it throws fails the task or the job. */
@Internal
public final class FlinkTasks {

    private FlinkTasks() {}

    /**
     * Calls something on an enumerator's worker thread, and handles its outcome on the coordinator's thread.
     *
     * @param handler gets the result, or whatever the call threw, an {@link Error} included. What it throws itself fails the
     *     job: an error goes as the cause of an exception, since Flink fails no job for an exhausted heap on that thread
     *     (SourceCoordinatorContext.handleUncaughtExceptionFromAsyncCall rethrows it to an executor that drops it)
     */
    public static <T> void callAsync(
            SplitEnumeratorContext<?> context, Callable<T> call, BiConsumer<@Nullable T, @Nullable Throwable> handler) {
        context.callAsync(call, failing(handler));
    }

    /**
     * As {@link #callAsync(SplitEnumeratorContext, Callable, BiConsumer)}, again and again until the job ends.
     *
     * @param delay before the first call
     * @param period from one call to the next
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
     * Runs a callback on the task thread, later. Whatever it throws fails the task (StreamTask.invokeProcessingTimeCallback).
     *
     * @return to cancel it with
     */
    public static ScheduledFuture<?> timer(
            ProcessingTimeService time, Duration delay, ProcessingTimeCallback callback) {
        return time.registerTimer(time.getCurrentProcessingTime() + delay.toMillis(), callback);
    }

    /**
     * Runs an action on the task thread, soon; from any thread. Whatever it throws fails the task.
     *
     * @return whether it was taken; else the task is over, and the action is not run
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
                throw new IllegalStateException("Fatal in a call of the enumerator: " + e, e);
            }
        };
    }
}
