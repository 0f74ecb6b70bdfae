package io.slsdispatch.connector.source.split;

import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Reader to enumerator: these shards are read to their end. Events are not part of checkpoints (FLINK-28639), so the
 * reader keeps the shards in its own state until {@link FinishesCheckpointed} comes back.
 */
public record ShardsFinished(List<Integer> shards) implements SourceEvent {

    private static final long serialVersionUID = 1L;

    public ShardsFinished {
        shards = List.copyOf(shards);
    }
}
