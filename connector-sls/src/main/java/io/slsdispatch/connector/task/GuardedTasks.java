package io.slsdispatch.connector.task;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes work to other threads and timers without losing failures. All such work must use this class. An executor
 * stores the exception of a task in a future that is never read, or at most logs it, and it stops a repeated task at
 * the first failure. This class reports each failure to a listener, including an {@link Error} such as an exhausted
 * heap, and a repeated task continues.
 *
 * <p>Work that Flink runs (mails, timers and calls of an enumerator) uses {@link FlinkTasks}.
 *
 * <p>All methods may be called from any thread and never block.
 */
@Internal
public final class GuardedTasks {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedTasks.class);

    private GuardedTasks() {}

    /** Work for another thread. */
    @FunctionalInterface
    public interface Task {
        void run() throws Exception;
    }

    /**
     * Receives whatever a task throws. It must inform those that wait for the task: fail a future or the job; for a
     * repeated task, count and log. Runs on the thread of the task, or on the caller's thread if the executor does not
     * accept the task ({@link java.util.concurrent.RejectedExecutionException} if the executor is closed).
     */
    @FunctionalInterface
    public interface FailureListener {
        void failed(Throwable failure);
    }

    /** Handle of a scheduled task. */
    @FunctionalInterface
    public interface Scheduled {

        /** Prevents further runs; a run that has started completes. */
        void cancel();
    }

    /**
     * Runs a task on an executor.
     *
     * @param listener receives whatever the task throws, or whatever the executor throws if it does not accept the
     *     task; in that case the task does not run
     */
    public static void execute(Executor executor, Task task, FailureListener listener) {
        Once once = new Once(task, listener);
        try {
            executor.execute(once);
        } catch (Throwable e) {
            once.notTaken(e);
        }
    }

    /**
     * Runs a task on an executor.
     *
     * @return a future that completes with the result of the task, or with whatever the task or the executor throws
     */
    public static <T> CompletableFuture<T> call(Executor executor, Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        execute(executor, () -> result.complete(task.call()), result::completeExceptionally);
        return result;
    }

    /**
     * Runs a task once after a delay.
     *
     * @param listener as in {@link #execute}
     */
    public static Scheduled schedule(
            ScheduledExecutorService timer, Duration delay, Task task, FailureListener listener) {
        Once once = new Once(task, listener);
        try {
            Future<?> scheduled = timer.schedule(once, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (Throwable e) {
            once.notTaken(e);
            return () -> {};
        }
    }

    /**
     * Runs a task repeatedly until it is cancelled or the timer ends, whatever the task throws.
     *
     * @param pause between the end of one run and the start of the next
     * @param listener receives whatever a run throws
     * @throws java.util.concurrent.RejectedExecutionException if the timer has ended
     */
    public static Scheduled repeat(
            ScheduledExecutorService timer, Duration first, Duration pause, Task task, FailureListener listener) {
        Future<?> scheduled = timer.scheduleWithFixedDelay(
                () -> run(task, listener), first.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /**
     * Runs an action when a stage completes, normally or not, on the thread that completes it. Without the listener, an
     * exception of the action would be stored in a stage that is never read.
     *
     * @param action receives the result or the failure
     * @param listener receives whatever the action throws
     */
    @SuppressWarnings("FutureReturnValueIgnored") // it cannot fail
    public static <T> void whenDone(
            CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> action, FailureListener listener) {
        stage.whenComplete((result, failure) -> run(() -> action.accept(result, failure), listener));
    }

    /**
     * Wraps a task as a {@link Runnable}, for APIs that accept nothing else. Whatever it throws goes to the listener.
     */
    public static Runnable guarded(Task task, FailureListener listener) {
        return () -> run(task, listener);
    }

    /**
     * Returns a factory of daemon threads with a name and with the class loader of this class. The class loader of the
     * thread that triggers the creation may belong to a job that ends earlier.
     */
    public static ThreadFactory threads(String name) {
        return threads(name, GuardedTasks.class.getClassLoader());
    }

    /** Returns a factory of daemon threads with a name and a class loader. */
    public static ThreadFactory threads(String name, @Nullable ClassLoader classLoader) {
        AtomicInteger count = new AtomicInteger();
        return work -> {
            int number = count.incrementAndGet();
            Thread thread = new Thread(work, number == 1 ? name : name + "-" + number);
            thread.setDaemon(true);
            thread.setContextClassLoader(classLoader);
            thread.setUncaughtExceptionHandler((ended, failure) -> log("Thread '" + name + "' ended", failure));
            return thread;
        };
    }

    private static void run(Task task, FailureListener listener) {
        try {
            task.run();
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            report(e, listener);
        }
    }

    private static void report(Throwable failure, FailureListener listener) {
        try {
            listener.failed(failure);
        } catch (Throwable e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
            log("A task failed, and so did its failure handler", failure);
        }
    }

    private static void log(String message, Throwable failure) {
        try {
            LOG.error(message, failure);
        } catch (Throwable e) {
            // Nothing more can be done; the thread must survive.
        }
    }

    /** A task that either runs or is reported as rejected, even if the executor throws after it queued the task. */
    private static final class Once implements Runnable {

        private final Task task;
        private final FailureListener listener;
        private final AtomicBoolean over = new AtomicBoolean();

        Once(Task task, FailureListener listener) {
            this.task = task;
            this.listener = listener;
        }

        @Override
        public void run() {
            if (over.compareAndSet(false, true)) {
                GuardedTasks.run(task, listener);
            }
        }

        void notTaken(Throwable failure) {
            if (over.compareAndSet(false, true)) {
                report(failure, listener);
            }
        }
    }
}
