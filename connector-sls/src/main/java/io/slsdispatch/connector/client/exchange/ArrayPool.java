package io.slsdispatch.connector.client.exchange;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.annotation.Internal;

/**
 * Pools large arrays that are needed for a short time: clearing a new array for every answer, and collecting it later,
 * costs more than parsing its content. Keeps a bounded number of bytes. Safe for use from many threads.
 */
@Internal
public final class ArrayPool {

    /** Smaller arrays are cheap to allocate. */
    private static final int SMALLEST = 64 * 1024;

    /** Sizes are multiples of this, so that answers of similar size share arrays. */
    private static final int STEP = 256 * 1024;

    private final long mostKept;
    private final Deque<byte[]> kept = new ArrayDeque<>();
    private long keptBytes;

    /** @param mostKept the maximum number of bytes that are kept for later */
    public ArrayPool(long mostKept) {
        this.mostKept = mostKept;
    }

    /** An array of at least this length, with arbitrary content. */
    public byte[] take(int length) {
        if (length < SMALLEST) {
            return new byte[length];
        }
        synchronized (this) {
            for (Iterator<byte[]> arrays = kept.iterator(); arrays.hasNext(); ) {
                byte[] array = arrays.next();
                if (array.length >= length && array.length / 4 <= length) {
                    arrays.remove();
                    keptBytes -= array.length;
                    return array;
                }
            }
        }
        return new byte[Math.toIntExact((length + STEP - 1L) / STEP * STEP)];
    }

    /**
     * An action that returns arrays to the pool the first time it is run. An array that was returned twice would hold
     * two answers at the same time, and log groups would get each other's bytes.
     */
    public Runnable giveBackOnce(byte[]... arrays) {
        AtomicBoolean given = new AtomicBoolean();
        return () -> {
            if (!given.getAndSet(true)) {
                for (byte[] array : arrays) {
                    giveBack(array);
                }
            }
        };
    }

    /** Returns an array to the pool. No other code may use it any longer. */
    synchronized void giveBack(byte[] array) {
        if (array.length < SMALLEST || array.length > mostKept) {
            return;
        }
        // The arrays used last are in the CPU caches; those used least recently are dropped.
        kept.addFirst(array);
        keptBytes += array.length;
        while (keptBytes > mostKept) {
            keptBytes -= kept.removeLast().length;
        }
    }
}
