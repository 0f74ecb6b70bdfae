package io.slsdispatch.connector.client.sdk;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for what blocks: as many as there are calls of the SDK under way, gone soon after they are idle, and one for
 * deadlines. Callers wait for their call, so each of them brings one at a time: no limit is needed.
 */
final class CallThreads implements Executor, AutoCloseable {

    private static final int IDLE_SECONDS = 10;

    private final Duration timeLimit;
    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor timer;

    /** @param timeLimit of every call, from the moment it is given here */
    CallThreads(String name, Duration timeLimit) {
        this.timeLimit = timeLimit;
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), named(name));
        this.timer = new ScheduledThreadPoolExecutor(1, named(name + "-timer"));
        timer.setRemoveOnCancelPolicy(true);
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            // That of whoever happens to make the first call may belong to a job that ends before this one.
            thread.setContextClassLoader(CallThreads.class.getClassLoader());
            return thread;
        };
    }

    /** Runs a call. */
    void run(Call<?> call) {
        setDeadline(call);
        try {
            threads.execute(call);
        } catch (RejectedExecutionException e) {
            call.fail("Closed", "the client is closed");
        }
    }

    /** Runs something that is no call, such as a fetch of credentials. */
    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** Runs something again and again, on the timer's thread. */
    @SuppressWarnings("FutureReturnValueIgnored") // ends with the timer
    void every(Duration period, Runnable work) {
        timer.scheduleWithFixedDelay(work, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void setDeadline(Call<?> call) {
        ScheduledFuture<?> deadline;
        try {
            deadline = timer.schedule(
                    () -> call.fail("TimedOut", "no whole answer within " + timeLimit.toMillis() + " ms"),
                    timeLimit.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            call.fail("Closed", "the client is closed");
            return;
        }
        call.whenEnded(() -> deadline.cancel(false));
    }

    /** Ends the threads as soon as they have ended what they do; waits for none. */
    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdownNow();
    }
}
