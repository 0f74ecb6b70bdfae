package io.slsdispatch.connector.client;

import org.apache.flink.annotation.PublicEvolving;

/** What a failed request means for the caller. The mapping of the service's codes stands in one place. */
@PublicEvolving
public enum ErrorKind {
    /** A read or write quota is used up: wait, slow down, try again. */
    THROTTLED,
    /**
     * The service or the way to it failed: network, time-out, 5xx, or an answer that cannot be read. Try again. A write
     * may or may not have taken effect.
     */
    UNAVAILABLE,
    /** Credentials are missing, wrong, expired, or lack a permission. May heal when they are rotated. */
    UNAUTHORIZED,
    /** The project, logstore or consumer group does not exist (any more, or yet). */
    NOT_FOUND,
    /** The shard does not exist (any more). */
    SHARD_NOT_FOUND,
    /** The cursor points outside what the shard still holds. */
    CURSOR_EXPIRED,
    /** What was to be created is there already. */
    ALREADY_EXISTS,
    /** A limit on the number of things, such as consumer groups in a logstore, is reached. */
    QUOTA_EXCEEDED,
    /** The write carried a sequence id that its hash key has seen: it was written before. */
    SEQUENCE_REPEATED,
    /** The body is larger than the service takes. */
    TOO_LARGE,
    /** The service will never take this request as it is: bad parameters or a body that it refuses. */
    INVALID_REQUEST;

    /** Whether the same request may succeed later without anybody's doing. */
    public boolean isTransient() {
        return this == THROTTLED || this == UNAVAILABLE;
    }
}
