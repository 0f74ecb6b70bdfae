package io.slsdispatch.e2e.cluster;

import org.jspecify.annotations.Nullable;

/** A call of Flink's REST interface that got no answer, or an answer other than success. */
public final class RestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** {@link #status()} of a call that got no answer. */
    public static final int NO_ANSWER = 0;

    private final int status;

    RestException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** HTTP status, or {@link #NO_ANSWER}. */
    public int status() {
        return status;
    }
}
