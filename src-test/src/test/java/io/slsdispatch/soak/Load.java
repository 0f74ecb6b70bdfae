package io.slsdispatch.soak;

import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes groups to the source at a steady rate, over HTTP and to all parts of the ring. A put that fails is not repeated:
 * the ledger of the source says what is in it.
 */
final class Load implements AutoCloseable {

    private static final long PERIOD_MILLIS = 50;
    private static final int REQUESTS_A_PERIOD = 4;

    private final SlsClient client;
    private final LogstoreId logstore;
    private final Groups groups = new Groups();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong failedPuts = new AtomicLong();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

    private Load(SlsClient client, LogstoreId logstore) {
        this.client = client;
        this.logstore = logstore;
    }

    /**
     * @param client closed together with the load
     * @param bytesPerSecond on average: what a busy machine holds up is written later
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a failure is kept and thrown by stop()
    static Load start(SlsClient client, LogstoreId logstore, long bytesPerSecond) {
        Load load = new Load(client, logstore);
        long bytes = bytesPerSecond * PERIOD_MILLIS / 1000;
        load.thread.scheduleAtFixedRate(() -> load.period(bytes), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return load;
    }

    private void period(long bytes) {
        try {
            List<CompletableFuture<Void>> puts = new ArrayList<>();
            for (int i = 0; i < REQUESTS_A_PERIOD; i++) {
                puts.add(put(groups.ofTogether(bytes / REQUESTS_A_PERIOD)));
            }
            puts.forEach(CompletableFuture::join);
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
            throw e;
        }
    }

    private CompletableFuture<Void> put(List<RawLogGroup> some) {
        return client.put(new PutRequest(logstore, some, groups.hashKey())).handle((done, failed) -> {
            (failed == null ? written : failedPuts).addAndGet(failed == null ? some.size() : 1);
            return null;
        });
    }

    /** How many groups were acknowledged. */
    long written() {
        return written.get();
    }

    /** Ends the load and waits for the puts under way; fails if something other than a put did. */
    void stop() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("The load did not end within a minute");
        }
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("The load has failed", failed);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        client.close();
    }
}
