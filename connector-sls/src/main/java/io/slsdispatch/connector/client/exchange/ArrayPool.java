package io.slsdispatch.connector.client.exchange;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.annotation.Internal;

/**
 * Large arrays that are needed for a short time: to clear a new one for every answer, and to collect it again, costs more
 * than to parse what is in it. Keeps a bounded number of bytes. Safe for use from many threads.
 */
@Internal
public final class ArrayPool {

    /** Smaller ones are cheap to make. */
    private static final int SMALLEST = 64 * 1024;

    /** Sizes are multiples of this, so that answers of about the same size share arrays. */
    private static final int STEP = 256 * 1024;

    private final long mostKept;
    private final Deque<byte[]> kept = new ArrayDeque<>();
    private long keptBytes;

    /** @param mostKept how many bytes are kept for later at most */
    public ArrayPool(long mostKept) {
        this.mostKept = mostKept;
    }

    /** An array of at least so many bytes, which may hold anything. */
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
     * Takes arrays back when it is run, the first time only: one that was kept twice would hold two answers at a time, and
     * log groups would take each other's bytes.
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

    /** Takes an array back, which nobody may use any more. */
    synchronized void giveBack(byte[] array) {
        if (array.length < SMALLEST || array.length > mostKept) {
            return;
        }
        // Those used last are in the caches; those used least go.
        kept.addFirst(array);
        keptBytes += array.length;
        while (keptBytes > mostKept) {
            keptBytes -= kept.removeLast().length;
        }
    }
}
