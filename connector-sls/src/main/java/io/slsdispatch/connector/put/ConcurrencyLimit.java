package io.slsdispatch.connector.put;

/**
 * How many requests may be in flight: all that are allowed while the target answers; fewer with every failure that
 * follows another one, down to a single one, so that targets that hang leave connections to the others; one more with
 * every acknowledgement. One thread.
 */
final class ConcurrencyLimit {

    private final int most;
    private int size;
    private boolean failedLast;

    ConcurrencyLimit(int most) {
        this.most = most;
        this.size = most;
    }

    int size() {
        return size;
    }

    void succeeded() {
        failedLast = false;
        size = Math.min(most, size + 1);
    }

    void failed() {
        if (failedLast) {
            size = Math.max(1, size / 2);
        }
        failedLast = true;
    }

    /** For a target that has no rate limiter. */
    void throttled() {
        size = Math.max(1, size / 2);
    }
}
