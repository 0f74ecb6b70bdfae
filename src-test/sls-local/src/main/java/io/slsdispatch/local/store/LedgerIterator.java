package io.slsdispatch.local.store;

import io.slsdispatch.local.ledger.LedgerEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.h2.mvstore.MVMap;

/** Iterates over a ledger in slices, so that a slow reader does not retain old versions of the map. */
final class LedgerIterator implements Iterator<LedgerEntry> {

    private static final int SLICE = 1000;

    private final MVMap<Long, LedgerEntry> ledger;
    private final long stop;
    private final Deque<LedgerEntry> slice = new ArrayDeque<>(SLICE);
    private long from;

    LedgerIterator(MVMap<Long, LedgerEntry> ledger, long from, long stop) {
        this.ledger = ledger;
        this.from = from;
        this.stop = stop;
    }

    @Override
    public boolean hasNext() {
        if (slice.isEmpty() && from < stop) {
            var cursor = ledger.cursor(from);
            while (slice.size() < SLICE && from < stop && cursor.hasNext()) {
                long position = cursor.next();
                from = position + 1;
                if (position < stop) {
                    slice.add(cursor.getValue());
                }
            }
            if (slice.isEmpty()) {
                from = stop;
            }
        }
        return !slice.isEmpty();
    }

    @Override
    public LedgerEntry next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return slice.remove();
    }
}
