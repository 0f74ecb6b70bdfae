package io.slsdispatch.connector.put;

import io.slsdispatch.connector.model.RawLogGroup;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * What the items of an engine are, and how they are written. An item is what is acknowledged or rejected: a log group, or
 * something that is encoded into one. Called on the owner's thread.
 *
 * @param <I> an item
 */
@Internal
public interface PutItems<I> {

    /** Size for the buffer; always the same for an item. */
    int bytes(I item);

    /** Size for the limits of a request. */
    default int requestBytes(I item) {
        return bytes(item);
    }

    /** The log groups that carry these items, at least one; asked for at each attempt. */
    List<RawLogGroup> groups(List<I> items);

    /**
     * Whether several items travel as several log groups ({@code batch_group}), which a target may not support. Otherwise
     * they share one log group.
     */
    boolean areGroups();

    /** The key within which items are written in order; asked for only when the policy is to keep an order. */
    default OrderingKey keyOf(I item) {
        throw new UnsupportedOperationException("these items have no order");
    }

    /** The parts of an item that is too large; empty when it cannot be split. */
    default List<I> split(I item) {
        return List.of();
    }

    /** The item, to be compressed again instead of sent as it was pulled; itself when that changes nothing. */
    default I recompressed(I item) {
        return item;
    }
}
