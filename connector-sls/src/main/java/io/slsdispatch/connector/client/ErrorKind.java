package io.slsdispatch.connector.client;

import org.apache.flink.annotation.PublicEvolving;

/**
 * The kind of a failed request: it decides how the caller reacts. {@code ErrorCodes} maps the service's codes to kinds.
 */
@PublicEvolving
public enum ErrorKind {
    /** A read or write quota is used up: wait, slow down, retry. */
    THROTTLED,
    /**
     * The service or the network failed: a connection error, a time-out, a 5xx status, or an unreadable answer. Retry.
     * A write may or may not have taken effect.
     */
    UNAVAILABLE,
    /** Credentials are missing, wrong or expired, or lack a permission. Rotating them may fix the error. */
    UNAUTHORIZED,
    /** The project, logstore or consumer group does not exist (not yet, or no longer). */
    NOT_FOUND,
    /** The shard does not exist (any longer). */
    SHARD_NOT_FOUND,
    /** The cursor is outside the range that the shard still holds. */
    CURSOR_EXPIRED,
    /** The object to be created exists already. */
    ALREADY_EXISTS,
    /** A limit on the number of objects, such as consumer groups in a logstore, is reached. */
    QUOTA_EXCEEDED,
    /** The sequence id of the write was used with this hash key before: the data was written already. */
    SEQUENCE_REPEATED,
    /** The body is larger than the service accepts. */
    TOO_LARGE,
    /** The service never accepts this request as it is: bad parameters or a body that it rejects. */
    INVALID_REQUEST;

    /** Whether the same request may succeed later without an operator's intervention. */
    public boolean isTransient() {
        return this == THROTTLED || this == UNAVAILABLE;
    }
}
