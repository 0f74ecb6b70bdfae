package io.slsdispatch.job.probe;

/** One question cannot be answered; others may be. The message says why, without names. */
final class NotProbedException extends Exception {

    private static final long serialVersionUID = 1L;

    NotProbedException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
