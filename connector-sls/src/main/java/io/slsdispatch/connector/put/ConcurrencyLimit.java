package io.slsdispatch.connector.put;

/**
 * Limits the number of requests in flight. While the target answers, all configured requests are allowed. A failure
 * that follows another one halves the limit, down to a single request, so that targets that hang leave connections to
 * the others. Every acknowledgement raises it by one. One thread.
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

    /** Whether all configured requests are allowed, and no failure is counted. */
    boolean isFull() {
        return size == most && !failedLast;
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

    /** Lowers the limit for a target that has no rate limiter. */
    void throttled() {
        size = Math.max(1, size / 2);
    }
}
