package io.slsdispatch.connector.source.split;

import io.slsdispatch.connector.model.Shard;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceEvent;

/** What enumerator and readers send each other at run time. Events are not part of checkpoints (FLINK-28639). */
@Internal
public sealed interface ShardEvent extends SourceEvent {

    /**
     * Reader to enumerator, once at each start of a reader: what its restored state holds. Until every reader has said so,
     * the enumerator gives nothing out, since it could be in somebody's hands.
     *
     * @param open the shards that the reader goes on reading; whether they take writes is not known to it
     * @param finished the shards that it read to their end and that the enumerator did not acknowledge yet
     */
    record RestoredShards(List<Shard> open, List<Integer> finished) implements ShardEvent {

        private static final long serialVersionUID = 1L;

        public RestoredShards {
            open = List.copyOf(open);
            finished = List.copyOf(finished);
        }
    }

    /**
     * Enumerator to reader: these shards take no more writes, so they have an end that can be reached. Sent again when it
     * becomes known since when.
     *
     * @param closedAtSeconds since when, unix seconds by the service's clock, by shard; 0 when that is not known
     */
    record ShardsReadOnly(Map<Integer, Long> closedAtSeconds) implements ShardEvent {

        private static final long serialVersionUID = 2L;

        public ShardsReadOnly {
            closedAtSeconds = Map.copyOf(closedAtSeconds);
        }
    }

    /**
     * Reader to enumerator: these shards are read to their end. Events are not part of checkpoints (FLINK-28639), so the
     * reader keeps the shards in its own state until {@link FinishesCheckpointed} comes back.
     */
    record ShardsFinished(List<Integer> shards) implements ShardEvent {

        private static final long serialVersionUID = 1L;

        public ShardsFinished {
            shards = List.copyOf(shards);
        }
    }

    /**
     * Enumerator to reader: a completed checkpoint holds that these shards are finished, so the reader may forget them.
     */
    record FinishesCheckpointed(List<Integer> shards) implements ShardEvent {

        private static final long serialVersionUID = 1L;

        public FinishesCheckpointed {
            shards = List.copyOf(shards);
        }
    }
}
