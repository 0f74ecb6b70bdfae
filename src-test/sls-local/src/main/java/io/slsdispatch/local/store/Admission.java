package io.slsdispatch.local.store;

import io.slsdispatch.local.wire.Refusal;
import java.time.Duration;

/**
 * Decides whether a put is admitted and how late its groups are written. Called when the shard is known and before
 * anything is written.
 */
@FunctionalInterface
public interface Admission {

    /** Admits every put, and its groups are visible at once. */
    Admission FREE = shard -> Duration.ZERO;

    /**
     * Returns normally to admit the put.
     *
     * @return how long after the acknowledgement the groups are written to the shard, where they can be read
     * @throws Refusal to refuse the put; any other exception aborts it, too
     */
    Duration admit(int shard);
}
