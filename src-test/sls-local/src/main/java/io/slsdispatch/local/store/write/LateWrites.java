package io.slsdispatch.local.store.write;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pending late writes: puts that were acknowledged and whose groups are not in their shards yet. They are in memory
 * only. Safe for use by several threads.
 */
public final class LateWrites implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LateWrites.class);

    private final AtomicLong pending = new AtomicLong();
    private volatile boolean closed;

    /** The number of pending puts. */
    public long pending() {
        return pending.get();
    }

    /** Schedules a write after some time. Writes that are pending when the store closes are dropped. */
    public void after(Duration time, Supplier<CompletableFuture<Void>> write) {
        pending.incrementAndGet();
        CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS).execute(() -> happen(write));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The result is logged.
    private void happen(Supplier<CompletableFuture<Void>> write) {
        if (closed) {
            return;
        }
        write.get().whenComplete((done, failure) -> {
            pending.decrementAndGet();
            if (failure != null) {
                LOG.warn("Late write failed, acknowledged groups are lost", failure);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        if (pending() > 0) {
            LOG.warn("Store closed with {} pending late writes: these acknowledged puts are lost", pending());
        }
    }
}
