package io.slsdispatch.local.store.write;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Groups that were acknowledged and are not in their shards yet. They are in memory only. Safe for use by several threads. */
public final class LateWrites implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LateWrites.class);

    private final AtomicLong pending = new AtomicLong();
    private volatile boolean closed;

    /** How many puts there are. */
    public long pending() {
        return pending.get();
    }

    /** Lets a write happen after some time; what is still to come when the store closes never happens. */
    public void after(Duration time, Supplier<CompletableFuture<Void>> write) {
        pending.incrementAndGet();
        CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS).execute(() -> happen(write));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What became of it is logged.
    private void happen(Supplier<CompletableFuture<Void>> write) {
        if (closed) {
            return;
        }
        write.get().whenComplete((done, failure) -> {
            pending.decrementAndGet();
            if (failure != null) {
                LOG.warn("groups that were acknowledged are lost: their late write failed", failure);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        if (pending() > 0) {
            LOG.warn("{} puts that were acknowledged are lost: their late writes were still to come", pending());
        }
    }
}
