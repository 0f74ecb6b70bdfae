package io.slsdispatch.connector.client;

import io.slsdispatch.connector.model.PulledBatch;
import org.apache.flink.annotation.Internal;

/**
 * The answer to a pull, still compressed as it was received. The reader decompresses it, so that this work is spread
 * over the readers and its result is in the caches of the processor that uses it.
 */
@Internal
@FunctionalInterface
public interface PackedBatch {

    /**
     * Decompresses the batch. May be called at most once.
     *
     * @throws SlsException when the batch is not what the service announced
     */
    PulledBatch unpack() throws SlsException;
}
