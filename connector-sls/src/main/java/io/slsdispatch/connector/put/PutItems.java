package io.slsdispatch.connector.put;

import io.slsdispatch.connector.model.RawLogGroup;
import java.util.List;
import org.apache.flink.annotation.Internal;

/**
 * Describes the items of an engine and how they are written. An item is the unit that is acknowledged or rejected: a
 * log group, or an object that is encoded into one. Called on the owner's thread.
 *
 * @param <I> an item
 */
@Internal
public interface PutItems<I> {

    /** The size of an item in the buffer; constant for an item. */
    int bytes(I item);

    /** The size of an item for the limits of a request. */
    default int requestBytes(I item) {
        return bytes(item);
    }

    /** The log groups that carry these items, at least one; called for each attempt. */
    List<RawLogGroup> groups(List<I> items);

    /**
     * Whether several items are sent as several log groups ({@code batch_group}), which a target may not support.
     * Otherwise they share one log group.
     */
    boolean areGroups();

    /** The ordering key of an item; called only if the policy keeps an order. */
    default OrderingKey keyOf(I item) {
        throw new UnsupportedOperationException("these items have no order");
    }

    /** The parts of an item that is too large; empty when it cannot be split. */
    default List<I> split(I item) {
        return List.of();
    }

    /**
     * The item in a form that is compressed again instead of sent as it was pulled; itself when that changes nothing.
     */
    default I recompressed(I item) {
        return item;
    }
}
