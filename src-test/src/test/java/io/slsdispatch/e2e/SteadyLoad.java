package io.slsdispatch.e2e;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Writes groups to the source all the time until it is stopped. */
final class SteadyLoad implements AutoCloseable {

    private static final long PERIOD_MILLIS = 20;

    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();

    private SteadyLoad() {}

    /** @param groupsPerSecond at most; fewer when the machine is too busy */
    static SteadyLoad start(Logstores logstores, int groupsPerSecond) {
        SteadyLoad load = new SteadyLoad();
        int groups = Math.toIntExact(groupsPerSecond * PERIOD_MILLIS / 1000);
        Future<?> unused = load.writer.scheduleWithFixedDelay(
                () -> load.write(logstores, groups), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return load;
    }

    private void write(Logstores logstores, int groups) {
        try {
            logstores.write(groups);
        } catch (RuntimeException e) {
            failure.completeExceptionally(e);
            throw e;
        }
    }

    /** Ends the load; fails if a write did. */
    void stop() throws InterruptedException {
        writer.shutdown();
        if (!writer.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("The load did not end within a minute");
        }
        failure.complete(null);
        failure.join();
    }

    @Override
    public void close() {
        writer.shutdownNow();
    }
}
