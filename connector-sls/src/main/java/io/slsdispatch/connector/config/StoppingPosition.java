package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Instant;
import org.apache.flink.annotation.PublicEvolving;

/** Where a bounded run ends. The job then finishes by itself with everything before it delivered. */
@PublicEvolving
public sealed interface StoppingPosition extends Serializable {

    /** Runs until it is cancelled. */
    record Never() implements StoppingPosition {}

    /**
     * What each shard holds when it is first listed. Shards that are made later by a split or merge are left out; as a
     * listing may be old, a second one, {@link DiscoveryConfig#margin()} later, says by their creation times which these
     * are. The end of each shard is kept in state, so a restart does not move it.
     */
    record Now() implements StoppingPosition {}

    /**
     * Everything that the service received before this second, by the service's clock, in whatever shards; nothing that
     * it received later. May lie in the future. Ends after a listing that was asked for {@link DiscoveryConfig#margin()}
     * after it.
     */
    record At(Instant receiveTime) implements StoppingPosition {

        public At {
            receiveTime = Checks.second("the stop time", receiveTime);
        }
    }
}
