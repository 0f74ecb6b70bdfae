package io.slsdispatch.local.store;

import io.slsdispatch.local.wire.Refusal;

/** Decides whether a put may go on, once its shard is known and before anything is written. */
@FunctionalInterface
public interface Admission {

    /** Lets every put pass. */
    Admission FREE = shard -> {};

    /**
     * Returns to let the put pass.
     *
     * @throws Refusal to refuse it; any other exception aborts it too
     */
    void admit(int shard);
}
