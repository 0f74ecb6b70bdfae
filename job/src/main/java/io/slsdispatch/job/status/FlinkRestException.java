package io.slsdispatch.job.status;

/** Flink did not answer a request as expected. The message is for the operator, with what to do. */
public final class FlinkRestException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int httpStatus;

    /** @param httpStatus of the answer; -1 if there was none */
    public FlinkRestException(int httpStatus, String message) {
        super(message);
        this.httpStatus = httpStatus;
    }

    /** Whether Flink answered that it does not have what was asked for. */
    public boolean isNotFound() {
        return httpStatus == 404;
    }
}
