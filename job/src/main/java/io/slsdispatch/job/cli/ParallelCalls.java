package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.task.GuardedTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes the same call of the service for many things, such as a thousand shards, several at a time. */
final class ParallelCalls {

    private static final int AT_A_TIME = 8;

    /** The call for one of them. Made by several threads. */
    @FunctionalInterface
    interface Call<T, A> {
        A call(T one) throws SlsException;
    }

    private ParallelCalls() {}

    /**
     * The answers, in the order of those asked for.
     *
     * @throws SlsException the first failure in that order; the others are not asked for then
     */
    static <T, A> List<A> invokeAll(List<T> all, Call<T, A> call) throws SlsException, InterruptedException {
        // Daemons: one that waits for an answer nobody needs any more must not keep the process.
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
