package io.slsdispatch.connector.source.reader;

/**
 * The bytes that one reader may hold. Room is taken before a pull is sent, at the size that is expected, corrected when
 * the answer is there, and given back when its last group is emitted. Safe for use from many threads.
 */
final class ByteBudget {

    private final long limit;
    private final Runnable onRoom;
    private long taken;

    /**
     * @param limit in bytes; one request is let through whatever its size when nothing else is held
     * @param onRoom called, by whatever thread, after bytes were given back
     */
    ByteBudget(long limit, Runnable onRoom) {
        this.limit = limit;
        this.onRoom = onRoom;
    }

    /** Takes room; false when there is too little. */
    synchronized boolean tryTake(long bytes) {
        if (taken > 0 && taken + bytes > limit) {
            return false;
        }
        taken += bytes;
        return true;
    }

    /** Replaces what was taken for a request by what its answer really is. */
    void correct(long expected, long actual) {
        synchronized (this) {
            taken += actual - expected;
        }
        if (actual < expected) {
            onRoom.run();
        }
    }

    /** Gives room back. */
    void giveBack(long bytes) {
        correct(bytes, 0);
    }

    /** Bytes held at the moment; may exceed the limit by what answers were larger than expected. */
    synchronized long taken() {
        return taken;
    }
}
