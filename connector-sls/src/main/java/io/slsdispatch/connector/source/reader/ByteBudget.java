package io.slsdispatch.connector.source.reader;

/**
 * Limit of the bytes that one reader may hold. Bytes are reserved before a pull is sent, at the expected size,
 * corrected when the response arrives, and released when its last group is emitted. Thread-safe.
 */
final class ByteBudget {

    private final long limit;
    private final Runnable onRoom;
    private long taken;

    /**
     * @param limit in bytes; a single request is allowed at any size if nothing else is held
     * @param onRoom called after bytes were released, by the thread that released them
     */
    ByteBudget(long limit, Runnable onRoom) {
        this.limit = limit;
        this.onRoom = onRoom;
    }

    /** Reserves bytes; returns false if too few are left. */
    synchronized boolean tryTake(long bytes) {
        if (taken > 0 && taken + bytes > limit) {
            return false;
        }
        taken += bytes;
        return true;
    }

    /** Replaces the bytes reserved for a request by the actual size of its response. */
    void correct(long expected, long actual) {
        synchronized (this) {
            taken += actual - expected;
        }
        if (actual < expected) {
            onRoom.run();
        }
    }

    /** Releases bytes. */
    void giveBack(long bytes) {
        correct(bytes, 0);
    }

    /** Returns the bytes held now; exceeds the limit if responses were larger than expected. */
    synchronized long taken() {
        return taken;
    }
}
