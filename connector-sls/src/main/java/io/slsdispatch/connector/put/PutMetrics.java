package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.SlsException;
import org.apache.flink.annotation.Internal;

/** What an engine measures. Called on the owner's thread; by default nothing is measured. */
@Internal
public interface PutMetrics {

    /** Measures nothing. */
    PutMetrics NONE = new PutMetrics() {};

    /** @param retry whether it carries what was sent before */
    default void requestSent(boolean retry) {}

    /**
     * A request was acknowledged.
     *
     * @param nanos since it was sent
     */
    default void acknowledged(int items, long bytes, long nanos) {}

    /** A request failed, or was answered with an error. */
    default void failed(SlsException error) {}

    /** The target refused a request for its rate. */
    default void throttled() {}

    /** @param waits whether requests wait now because the target has throttled */
    default void rateLimited(boolean waits, long now) {}

    /** @param groups that are compressed again, since the service could not read them as they were pulled */
    default void recompressed(int groups) {}

    /** The target does not support lists. */
    default void listsSwitchedOff() {}

    default void circuit(boolean open) {}

    /**
     * What is held now.
     *
     * @param bytes in the buffer
     * @param requests to the target, in flight or waiting for a retry
     * @param limit how many bytes the buffer may hold now
     */
    default void holds(long bytes, int requests, long limit) {}

    /** When the oldest request that is not settled was first sent. */
    default void oldestSince(long nanos) {}

    /** No request is unsettled. */
    default void nothingSent() {}
}
