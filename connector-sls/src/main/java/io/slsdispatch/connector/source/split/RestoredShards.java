package io.slsdispatch.connector.source.split;

import io.slsdispatch.connector.model.Shard;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Reader to enumerator, once at each start of a reader: what its restored state holds. Until every reader has said so,
 * the enumerator gives nothing out, since it could be in somebody's hands.
 *
 * @param open the shards that the reader goes on reading; whether they take writes is not known to it
 * @param finished the shards that it read to their end and that the enumerator did not acknowledge yet
 */
public record RestoredShards(List<Shard> open, List<Integer> finished) implements SourceEvent {

    private static final long serialVersionUID = 1L;

    public RestoredShards {
        open = List.copyOf(open);
        finished = List.copyOf(finished);
    }
}
