package io.slsdispatch.connector.source.split;

import io.slsdispatch.connector.model.Shard;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.connector.source.SourceEvent;
import org.jspecify.annotations.Nullable;

/** Source events between enumerator and readers at run time. Events are not part of checkpoints (FLINK-28639). */
@Internal
public sealed interface ShardEvent extends SourceEvent {

    /**
     * Sent by a reader to the enumerator once at each start: the shards in its restored state. The enumerator assigns
     * no shard until every reader has reported, because any reader may already have that shard.
     *
     * @param open the shards that the reader continues to read; the reader does not know whether they accept writes
     * @param finished the shards that it has read to the end and that the enumerator has not acknowledged yet
     */
    record RestoredShards(List<Shard> open, List<Integer> finished) implements ShardEvent {

        private static final long serialVersionUID = 1L;

        public RestoredShards {
            open = List.copyOf(open);
            finished = List.copyOf(finished);
        }
    }

    /**
     * Sent by the enumerator to a reader: these shards are read-only, so they have an end that can be reached. Sent
     * again when the closing time becomes known.
     *
     * @param closedAtSeconds the closing time of each shard, unix seconds by the service's clock; 0 if not known
     */
    record ShardsReadOnly(Map<Integer, Long> closedAtSeconds) implements ShardEvent {

        private static final long serialVersionUID = 2L;

        public ShardsReadOnly {
            closedAtSeconds = Map.copyOf(closedAtSeconds);
        }
    }

    /**
     * Sent by a reader to the enumerator: these shards are read to the end. Events are not part of checkpoints
     * (FLINK-28639), so the reader keeps the shards in its own state until it receives {@link FinishesCheckpointed}.
     */
    record ShardsFinished(List<Integer> shards) implements ShardEvent {

        private static final long serialVersionUID = 1L;

        public ShardsFinished {
            shards = List.copyOf(shards);
        }
    }

    /**
     * Sent by the enumerator to a reader: a completed checkpoint records these shards as finished, so the reader may
     * drop them from its state.
     */
    record FinishesCheckpointed(List<Integer> shards) implements ShardEvent {

        private static final long serialVersionUID = 1L;

        public FinishesCheckpointed {
            shards = List.copyOf(shards);
        }
    }

    /**
     * Sent by a reader of a bounded run to the enumerator from time to time: how far shards are read. For information
     * only.
     */
    record ShardsRead(List<ShardProgress> shards) implements ShardEvent {

        private static final long serialVersionUID = 1L;

        public ShardsRead {
            shards = List.copyOf(shards);
        }
    }

    /**
     * How far a shard is read.
     *
     * @param cursor of the next pull
     * @param stopCursor where the run ends in this shard, as known now; null if it is not known
     * @param receivedAtSeconds when the service received the last group that was read, unix seconds; 0 if not known
     */
    record ShardProgress(int shard, String cursor, @Nullable String stopCursor, long receivedAtSeconds)
            implements Serializable {

        private static final long serialVersionUID = 1L;
    }
}
