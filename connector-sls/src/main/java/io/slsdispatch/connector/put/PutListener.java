package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.SlsException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Receives the results of an engine. Each item gets exactly one of {@link #acknowledged}, {@link #rejected} and {@link
 * #notDelivered}, except an item that was split, for which each part does. Called on the owner's thread.
 *
 * @param <I> an item
 */
@Internal
public interface PutListener<I> {

    /** The reason why the retries of a batch end. */
    enum Exhausted {
        /** The time limit of the policy for transient failures has passed. */
        RETRIES,
        /** The target denies access, or does not exist: for the grace period, or at once, as the policy says. */
        DENIED,
        /** During the whole grace period, the target refused the request for a reason other than its items. */
        BAD_REQUEST,
        /**
         * During the whole grace period, the target refused the request with an unknown code, and nothing proved what
         * is at fault.
         */
        UNKNOWN_CODE,
        /** During the whole grace period, an item that cannot be split was too large for a proxy in between. */
        TOO_LARGE,
        /** Several puts in a row were answered with success but without a request id. */
        UNCONFIRMED
    }

    /** The target has stored the items; they have left the buffer. */
    void acknowledged(List<I> items);

    /** The target never accepts the item. Its bytes stay in the buffer until the listener removes them. */
    void rejected(I item, SlsException reason) throws IOException;

    /**
     * The item is given back without an acknowledgement: the circuit is open, or the owner has stopped the engine. The
     * target may have stored it nevertheless. Its bytes stay in the buffer until the listener removes them.
     *
     * @param lastError the last error of the target, null when there was none since it last worked
     */
    void notDelivered(I item, @Nullable SlsException lastError);

    /** An item was too large; the parts are sent instead of it, and are in the buffer. */
    default void split(I whole, List<I> parts) {}

    /**
     * A batch is not retried any longer: the listener throws, or stops the engine.
     *
     * @throws IOException when the owner cannot continue
     */
    void exhausted(Exhausted why, SlsException error) throws IOException;

    /**
     * A put ended with an error that did not come from the service.
     *
     * @throws IOException when the owner cannot continue
     */
    void broke(Throwable error) throws IOException;

    /**
     * The logstore does not exist, so the answer says. It may be new, or its owner may create it.
     *
     * @return how long to wait at most before the batch is sent again, until it is accepted or the owner gives up; null
     *     if that is a denial like others, which the grace period limits
     */
    default @Nullable Duration absent(SlsException error) {
        return null;
    }

    /**
     * A batch will be retried after a pause.
     *
     * @param failures the number of consecutive failures
     * @param transientError whether the batch may succeed without an operator's intervention
     * @param left how long the batch is still retried; null for without a limit
     */
    default void retries(int failures, boolean transientError, SlsException error, @Nullable Duration left) {}

    /** The target refuses lists but accepts each of their groups alone: groups are sent one by one for a while. */
    default void listsSwitchedOff() {}

    /**
     * The target does not accept zstd, but the same groups as LZ4, which it gets for a while.
     *
     * @param refusal its last answer to zstd
     */
    default void zstdSwitchedOff(SlsException refusal) {}

    /** The target has accepted nothing for too long. */
    default void circuitOpened(@Nullable SlsException lastError) {}

    /** The target accepts groups again; the arguments count what was given back meanwhile. */
    default void circuitClosed(long items, long bytes) {}

    /**
     * A probe failed for a local reason, so it is unknown whether the target still accepts nothing: items wait
     * again. The arguments count what was given back meanwhile.
     */
    default void circuitClosedForLocalFailure(long items, long bytes, SlsException error) {}
}
