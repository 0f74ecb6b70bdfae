package io.slsdispatch.job.rules.reload;

import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;

/**
 * Progress of the replay after a failure: whether the job has delivered all groups that the failed attempt may have
 * dispatched. How far the failed attempt got is unknown, but the service received whatever it dispatched before it
 * failed. Serialized to the JobManager, which calls it.
 */
public interface ReplayProgress extends Serializable {

    /**
     * The current time of the clock that sets receive times.
     *
     * @throws IOException when it cannot be determined
     */
    Instant now() throws IOException, InterruptedException;

    /**
     * Whether a completed checkpoint shows that all groups which were received up to this time are delivered. False
     * means "no" or "unknown".
     *
     * @throws IOException when it cannot be determined
     */
    boolean isDeliveredUpTo(Instant receipt) throws IOException, InterruptedException;
}
