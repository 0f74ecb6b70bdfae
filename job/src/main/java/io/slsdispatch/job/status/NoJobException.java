package io.slsdispatch.job.status;

/** It is not known of which job to report. The message says what Flink has, and what to do. */
public final class NoJobException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean isArgumentWrong;

    NoJobException(boolean isArgumentWrong, String message) {
        super(message);
        this.isArgumentWrong = isArgumentWrong;
    }

    /** Whether another argument would lead to a job. */
    public boolean isArgumentWrong() {
        return isArgumentWrong;
    }
}
