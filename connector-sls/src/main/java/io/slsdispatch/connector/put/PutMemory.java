package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.FeatureSupport;
import org.apache.flink.annotation.Internal;

/**
 * What an engine has learnt of its target, for the next engine of that target. It is small, and holds neither items nor
 * references to the resources of the engine.
 *
 * @param rate the limit of the sending rate
 * @param concurrency the limit of the concurrent requests
 * @param lists whether the target accepts lists
 * @param zstd whether it accepts zstd
 * @param circuit whether the target accepts groups at all
 */
@Internal
public record PutMemory(
        RateLimiter rate,
        ConcurrencyLimit concurrency,
        FeatureSupport lists,
        FeatureSupport zstd,
        CircuitBreaker.Memory circuit) {

    /** Whether the circuit is open: the target accepts nothing. */
    public boolean isCircuitOpen() {
        return circuit.isOpen();
    }
}
