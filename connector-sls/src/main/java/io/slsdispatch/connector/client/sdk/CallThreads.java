package io.slsdispatch.connector.client.sdk;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a connection: as many as there are calls under way, gone soon after they are idle, and one for
 * deadlines. Calls beyond the limit wait their turn in the order they came. Callers that wait for their call themselves
 * pass by the limit: each of them brings one call at a time.
 */
final class CallThreads implements Executor, AutoCloseable {

    private static final int IDLE_SECONDS = 10;

    private final int maxConcurrent;
    private final Duration timeLimit;
    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor timer;

    /** Guards the two below. */
    private final Object lock = new Object();

    private final Set<Call<?>> waiting = new LinkedHashSet<>();
    private int running;

    /**
     * @param maxConcurrent how many calls that nobody waits for may run at once
     * @param timeLimit of every call, from the moment it is given here
     */
    CallThreads(String name, int maxConcurrent, Duration timeLimit) {
        this.maxConcurrent = maxConcurrent;
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

    /** Runs a call now, for a caller that waits for it. */
    void runNow(Call<?> call) {
        setDeadline(call);
        start(call, call);
    }

    /** Runs a call as soon as there are fewer than the limit. */
    void runInTurn(Call<?> call) {
        setDeadline(call);
        if (takesTurn(call)) {
            start(() -> runAndGoOn(call), call);
        } else {
            call.whenEnded(() -> forget(call));
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

    private boolean takesTurn(Call<?> call) {
        synchronized (lock) {
            if (running == maxConcurrent) {
                waiting.add(call);
                return false;
            }
            running++;
            return true;
        }
    }

    private void start(Runnable work, Call<?> call) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            call.fail("Closed", "the client is closed");
        }
    }

    private void runAndGoOn(Call<?> first) {
        for (Call<?> call = first; call != null; call = next()) {
            call.run();
        }
    }

    private @Nullable Call<?> next() {
        synchronized (lock) {
            Iterator<Call<?>> oldest = waiting.iterator();
            if (!oldest.hasNext()) {
                running--;
                return null;
            }
            Call<?> call = oldest.next();
            oldest.remove();
            return call;
        }
    }

    private void forget(Call<?> call) {
        synchronized (lock) {
            waiting.remove(call);
        }
    }

    /** Ends the threads as soon as they have ended what they do; waits for none. */
    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdownNow();
    }
}
