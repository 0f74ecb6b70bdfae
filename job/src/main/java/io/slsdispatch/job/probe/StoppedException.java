package io.slsdispatch.job.probe;

/** The probe makes no more requests: a bound is reached, the service throttles, or it was interrupted. */
final class StoppedException extends Exception {

    private static final long serialVersionUID = 1L;

    StoppedException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
