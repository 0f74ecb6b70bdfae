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
 * The only way in which work is given to another thread or to a timer. An executor keeps what a task throws in a future
 * that nobody reads, or logs it at most, and it ends a repeated task with the first failure. Here each failure reaches a
 * listener, an {@link Error} such as an exhausted heap included, and a repeated task continues.
 *
 * <p>What Flink runs (mails, timers and calls of an enumerator) is in {@link FlinkTasks}.
 *
 * <p>All methods may be called from any thread and wait for nothing.
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
     * Hears of whatever a task throws. It must let those know who wait for the task: fail a future or the job; for a
     * repeated task, count and log. Runs on the thread of the task, or on the caller's when the task could not be handed
     * over ({@link java.util.concurrent.RejectedExecutionException} when the executor is closed).
     */
    @FunctionalInterface
    public interface FailureListener {
        void failed(Throwable failure);
    }

    /** A task that was given to a timer. */
    @FunctionalInterface
    public interface Scheduled {

        /** It does not run any more; a run that has begun ends by itself. */
        void cancel();
    }

    /**
     * Runs a task on an executor.
     *
     * @param listener hears of what the task throws, and of what the executor throws instead of taking it; then the task
     *     does not run
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
     * @return completes with its result, or with whatever it or the executor throws
     */
    public static <T> CompletableFuture<T> call(Executor executor, Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        execute(executor, () -> result.complete(task.call()), result::completeExceptionally);
        return result;
    }

    /**
     * Runs a task once, later.
     *
     * @param listener as of {@link #execute}
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
     * Runs a task again and again, until it is cancelled or the timer ends, whatever the task throws.
     *
     * @param pause between the end of one run and the begin of the next
     * @param listener hears of what a run throws
     * @throws java.util.concurrent.RejectedExecutionException when the timer has ended
     */
    public static Scheduled repeat(
            ScheduledExecutorService timer, Duration first, Duration pause, Task task, FailureListener listener) {
        Future<?> scheduled = timer.scheduleWithFixedDelay(
                () -> run(task, listener), first.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /**
     * Does something when a stage ends, in whatever way, on the thread that ends it. What a callback throws would else be
     * kept in a stage that nobody reads.
     *
     * @param action gets the result or the failure, whichever there is
     * @param listener hears of what the action throws
     */
    @SuppressWarnings("FutureReturnValueIgnored") // it cannot fail
    public static <T> void whenDone(
            CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> action, FailureListener listener) {
        stage.whenComplete((result, failure) -> run(() -> action.accept(result, failure), listener));
    }

    /** A task for those who take no other: whatever it throws goes to the listener. */
    public static Runnable guarded(Task task, FailureListener listener) {
        return () -> run(task, listener);
    }

    /**
     * Makes daemon threads with a name, and with the class loader of this class: that of whoever needs the first thread may
     * belong to a job that ends before this one.
     */
    public static ThreadFactory threads(String name) {
        return threads(name, GuardedTasks.class.getClassLoader());
    }

    /** Makes daemon threads with a name and a class loader. */
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
            log("A task failed, and so did what handles its failure", failure);
        }
    }

    private static void log(String message, Throwable failure) {
        try {
            LOG.error(message, failure);
        } catch (Throwable e) {
            // Nothing is left that could be done; the thread must survive it.
        }
    }

    /** A task that either runs or is reported as not taken, also by an executor that throws and keeps it. */
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
