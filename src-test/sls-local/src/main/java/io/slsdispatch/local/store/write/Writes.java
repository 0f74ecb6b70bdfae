package io.slsdispatch.local.store.write;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Makes changes to the store one after the other, and tells when each is as durable as this store promises.
 *
 * <p>A change is a function that first checks, throwing a refusal, and then alters maps. What readers may see of it, it
 * hands to {@link #publish}: that runs once the change is durable. So a crash never takes back what somebody has read or
 * was told.
 */
public interface Writes extends AutoCloseable {

    /**
     * Makes a change.
     *
     * @return completes with the change's result when it is durable, or with what the change threw
     */
    <T> CompletableFuture<T> make(Supplier<T> change);

    /** Called inside a change: what to do, in the order of the calls, when the change is durable. */
    void publish(Runnable visible);

    /** Makes the last changes durable and refuses later ones. */
    @Override
    void close();
}
