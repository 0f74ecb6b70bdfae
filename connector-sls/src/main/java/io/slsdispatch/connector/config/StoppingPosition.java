package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Instant;

/** Where a bounded run ends. The job then finishes by itself with everything before it delivered. */
public sealed interface StoppingPosition extends Serializable {

    /** Runs until it is cancelled. */
    record Never() implements StoppingPosition {}

    /**
     * What each shard holds when it is first listed; shards that appear later are left out. The end of each shard is
     * kept in state, so a restart does not move it.
     */
    record Now() implements StoppingPosition {}

    /**
     * Everything that the service received before this second, by the service's clock, in whatever shards; nothing that
     * it received later. May lie in the future.
     */
    record At(Instant receiveTime) implements StoppingPosition {

        public At {
            receiveTime = Moments.second("the stop time", receiveTime);
        }
    }
}
