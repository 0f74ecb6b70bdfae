package io.slsdispatch.local.store.write;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Applies changes to the store one after another, and reports when each is as durable as this store promises.
 *
 * <p>A change is a function that first validates, throwing a refusal, and then modifies maps. It passes an action to
 * {@link #publish} that makes the result visible to readers; the action runs when the change is durable. So a crash
 * never undoes data that a client has read or that was acknowledged to it.
 */
public interface Writes extends AutoCloseable {

    /**
     * Applies a change.
     *
     * @return completes with the change's result when it is durable, or with what the change threw
     */
    <T> CompletableFuture<T> make(Supplier<T> change);

    /** Called inside a change: registers an action to run when the change is durable, in the order of the calls. */
    void publish(Runnable visible);

    /** Makes the last changes durable and rejects later ones. */
    @Override
    void close();
}
