package io.slsdispatch.connector.source.split;

import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/** Enumerator to reader: these shards take no more writes, so they have an end that can be reached. */
public record ShardsReadOnly(List<Integer> shards) implements SourceEvent {

    private static final long serialVersionUID = 1L;

    public ShardsReadOnly {
        shards = List.copyOf(shards);
    }
}
