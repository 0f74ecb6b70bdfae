package io.slsdispatch.connector.client;

import io.slsdispatch.connector.model.PulledBatch;
import org.apache.flink.annotation.Internal;

/**
 * What a pull brought, compressed as it came. To restore it is the work of whoever looks into it, so that this work is
 * spread as the readers are, and what it makes is in the caches of the processor that needs it.
 */
@Internal
@FunctionalInterface
public interface PackedBatch {

    /**
     * Restores the batch. At most once.
     *
     * @throws SlsException when it is not what the service said it is
     */
    PulledBatch unpack() throws SlsException;
}
