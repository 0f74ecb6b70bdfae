package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.put.PutListener.Exhausted;
import java.time.Duration;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/** Receives the measurements of an engine. Called on the owner's thread; by default nothing is measured. */
@Internal
public interface PutMetrics {

    /** Measures nothing. */
    PutMetrics NONE = new PutMetrics() {};

    /** @param retry whether the request was sent before */
    default void requestSent(boolean retry) {}

    /**
     * A request was acknowledged.
     *
     * @param nanos since it was sent
     */
    default void acknowledged(int items, long bytes, long nanos) {}

    /** A request failed, or was answered with an error. */
    default void failed(SlsException error) {}

    /** The target refused a request because of its rate. */
    default void throttled() {}

    /** @param waits whether requests wait now because the target throttles */
    default void rateLimited(boolean waits, long now) {}

    /** @param groups that are compressed again, since the target did not accept them in their compressed form */
    default void recompressed(int groups) {}

    /**
     * A request failed and will be sent again.
     *
     * @param reason why the retries end, if they last too long
     * @param pause until then
     * @param left until the retries end; null if they do not end, or if that is not known
     */
    default void retries(Exhausted reason, SlsException error, Duration pause, @Nullable Duration left) {}

    /**
     * The circuit is open, and a single request will show whether the target works again.
     *
     * @param pause until then
     */
    default void probesAfter(Duration pause) {}

    /** The target does not support lists. */
    default void listsSwitchedOff() {}

    /** @param instead whether the target gets LZ4 at present, because it does not accept zstd */
    default void lz4InsteadOfZstd(boolean instead) {}

    default void circuit(boolean open) {}

    /**
     * The current load.
     *
     * @param bytes in the buffer
     * @param requests to the target, in flight or waiting for a retry
     * @param limit the current limit of the buffer in bytes
     */
    default void holds(long bytes, int requests, long limit) {}

    /** When the oldest unsettled request was first sent. */
    default void oldestSince(long nanos) {}

    /** No request is unsettled. */
    default void nothingSent() {}
}
