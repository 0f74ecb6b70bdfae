package io.slsdispatch.job.dispatch;

import org.jspecify.annotations.Nullable;

/** A log group that may go nowhere, by the configuration's own word. The job fails with it before anything is lost. */
public final class UnroutableLogGroupException extends Exception {

    private static final long serialVersionUID = 1L;

    UnroutableLogGroupException(String message) {
        this(message, null);
    }

    UnroutableLogGroupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
