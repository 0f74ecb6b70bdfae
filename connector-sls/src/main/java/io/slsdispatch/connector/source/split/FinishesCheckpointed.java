package io.slsdispatch.connector.source.split;

import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Enumerator to reader: a completed checkpoint holds that these shards are finished, so the reader may forget them.
 */
public record FinishesCheckpointed(List<Integer> shards) implements SourceEvent {

    private static final long serialVersionUID = 1L;

    public FinishesCheckpointed {
        shards = List.copyOf(shards);
    }
}
