package io.slsdispatch.local.store.write;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Writes for a store in memory: a change is applied in the caller's thread and takes effect at once. */
public final class ImmediateWrites implements Writes {

    @Override
    public synchronized <T> CompletableFuture<T> make(Supplier<T> change) {
        try {
            return CompletableFuture.completedFuture(change.get());
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    @Override
    public void publish(Runnable visible) {
        visible.run();
    }

    @Override
    public void close() {}
}
