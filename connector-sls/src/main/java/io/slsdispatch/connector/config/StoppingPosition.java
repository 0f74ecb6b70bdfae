package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Instant;
import org.apache.flink.annotation.PublicEvolving;

/** Where a bounded run ends. The job then finishes by itself, with everything before this position delivered. */
@PublicEvolving
public sealed interface StoppingPosition extends Serializable {

    /** Runs until it is cancelled. */
    record Never() implements StoppingPosition {}

    /**
     * The content of each shard when it is first listed. Shards that a split or merge creates later are excluded. Since
     * a listing may be outdated, a second one, {@link DiscoveryConfig#margin()} later, identifies these shards by their
     * creation times. The end of each shard is kept in state, so a restart does not move it.
     */
    record Now() implements StoppingPosition {}

    /**
     * Everything that the service received before this second, by the service's clock, in all shards; nothing that it
     * received later. May be in the future. The run ends after a listing that was requested {@link
     * DiscoveryConfig#margin()} after this time.
     */
    record At(Instant receiveTime) implements StoppingPosition {

        public At {
            receiveTime = Checks.second("the stop time", receiveTime);
        }
    }
}
