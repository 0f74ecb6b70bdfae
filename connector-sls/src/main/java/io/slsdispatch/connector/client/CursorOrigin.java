package io.slsdispatch.connector.client;

import java.time.Instant;
import org.apache.flink.annotation.Internal;

/** The place in a shard for which a cursor is requested. */
@Internal
public sealed interface CursorOrigin {

    /** The oldest group that the shard still holds. */
    record Begin() implements CursorOrigin {}

    /** The group that the shard will receive next. */
    record End() implements CursorOrigin {}

    /**
     * The first group received at or after this second, by the service's clock. A time before the oldest group means
     * {@link Begin}, one after the newest means {@link End}.
     */
    record At(Instant receiveTime) implements CursorOrigin {}
}
