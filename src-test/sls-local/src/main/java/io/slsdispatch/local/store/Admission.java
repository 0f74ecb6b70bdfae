package io.slsdispatch.local.store;

import io.slsdispatch.local.wire.Refusal;
import java.time.Duration;

/** Decides whether a put may go on, and how late, once its shard is known and before anything is written. */
@FunctionalInterface
public interface Admission {

    /** Lets every put pass and be seen at once. */
    Admission FREE = shard -> Duration.ZERO;

    /**
     * Returns to let the put pass.
     *
     * @return how long after the put is acknowledged its groups come into the shard, where they can be read
     * @throws Refusal to refuse it; any other exception aborts it too
     */
    Duration admit(int shard);
}
