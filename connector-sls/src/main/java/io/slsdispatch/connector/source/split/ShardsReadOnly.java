package io.slsdispatch.connector.source.split;

import java.util.Map;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Enumerator to reader: these shards take no more writes, so they have an end that can be reached. Sent again when it
 * becomes known since when.
 *
 * @param closedAtSeconds since when, unix seconds by the service's clock, by shard; 0 when that is not known
 */
public record ShardsReadOnly(Map<Integer, Long> closedAtSeconds) implements SourceEvent {

    private static final long serialVersionUID = 2L;

    public ShardsReadOnly {
        closedAtSeconds = Map.copyOf(closedAtSeconds);
    }
}
