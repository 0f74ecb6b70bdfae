package io.slsdispatch.job.rules.reload;

import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;

/**
 * Tells how far a job that goes on after a failure is with what it may have dispatched before. Nobody knows how far the failed
 * attempt got; but whatever it dispatched was received before it failed. Travels to the JobManager, which asks.
 */
public interface ReplayProgress extends Serializable {

    /**
     * The time by the clock that receipts are stamped with.
     *
     * @throws IOException when it cannot be had
     */
    Instant now() throws IOException, InterruptedException;

    /**
     * Whether a completed checkpoint shows that all groups which were received up to this time are delivered. False means
     * "no" or "cannot be told".
     *
     * @throws IOException when it cannot be asked
     */
    boolean isDeliveredUpTo(Instant receipt) throws IOException, InterruptedException;
}
