package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.task.GuardedTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Parallel calls of the service: makes the same call for many items, such as 1,000 shards, several at a time. */
final class ParallelCalls {

    private static final int AT_A_TIME = 8;

    /** The call for one item. Runs on several threads. */
    @FunctionalInterface
    interface Call<T, A> {
        A call(T one) throws SlsException;
    }

    private ParallelCalls() {}

    /**
     * Returns the results in the order of the items.
     *
     * @throws SlsException the first failure in that order; the remaining calls are not made then
     */
    static <T, A> List<A> invokeAll(List<T> all, Call<T, A> call) throws SlsException, InterruptedException {
        // Daemon threads: a thread that waits for a response that is no longer needed must not keep the process alive.
        ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME, GuardedTasks.threads("service call"));
        try {
            List<Future<A>> asked = new ArrayList<>();
            for (T one : all) {
                asked.add(GuardedTasks.call(pool, () -> call.call(one)));
            }
            List<A> answers = new ArrayList<>();
            for (Future<A> answer : asked) {
                answers.add(answer.get());
            }
            return answers;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SlsException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }
}
