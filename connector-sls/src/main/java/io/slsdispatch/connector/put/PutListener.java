package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.SlsException;
import java.io.IOException;
import java.util.List;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Learns what becomes of the items of an engine; each comes to exactly one of {@link #acknowledged}, {@link #rejected} and
 * {@link #notDelivered}, except one that was split, of which each part does. Called on the owner's thread.
 *
 * @param <I> an item
 */
@Internal
public interface PutListener<I> {

    /** Why retries of a batch end. */
    enum Exhausted {
        /** It failed for as long as the policy allows, for reasons that may pass. */
        RETRIES,
        /** The target denies access, or is not there: for the grace, or at once, as the policy says. */
        DENIED,
        /** It was refused for the grace for something that is not in its items. */
        BAD_REQUEST,
        /** It was refused for the grace with an unknown code, and nothing has shown what is at fault. */
        UNKNOWN_CODE,
        /** An item that cannot be split was too large for the grace for a proxy on the way. */
        TOO_LARGE,
        /** Several puts in a row were answered with success but without a request id. */
        UNCONFIRMED
    }

    /** The target has stored them; they have left the buffer. */
    void acknowledged(List<I> items);

    /** The target will never take it. Its bytes stay in the buffer until the listener removes them. */
    void rejected(I item, SlsException reason) throws IOException;

    /**
     * It is given back without being stored: the circuit is open, or the engine was given up. It may be stored all the same.
     * Its bytes stay in the buffer until the listener removes them.
     *
     * @param lastError the last answer of the target, null when there was none since it last worked
     */
    void notDelivered(I item, @Nullable SlsException lastError);

    /** An item was too large; these are sent in its place, and are in the buffer. */
    default void split(I whole, List<I> parts) {}

    /**
     * A batch is not retried any more: the listener throws, or gives the engine up.
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
     * A batch is sent again after a while.
     *
     * @param failures how often in a row it failed
     * @param transientError whether it may succeed without anyone doing something
     */
    default void retries(int failures, boolean transientError, SlsException error) {}

    /** The target refuses lists but accepts each of their groups alone: groups go one by one for a while. */
    default void listsSwitchedOff() {}

    /** The target has taken nothing for too long. */
    default void circuitOpened(@Nullable SlsException lastError) {}

    /** The target takes groups again; so much was given back meanwhile. */
    default void circuitClosed(long items, long bytes) {}
}
