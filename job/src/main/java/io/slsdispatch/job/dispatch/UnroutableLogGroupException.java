package io.slsdispatch.job.dispatch;

/** A log group that may go nowhere, by the configuration's own word. The job fails with it before anything is lost. */
public final class UnroutableLogGroupException extends Exception {

    private static final long serialVersionUID = 1L;

    UnroutableLogGroupException(String message) {
        super(message);
    }
}
