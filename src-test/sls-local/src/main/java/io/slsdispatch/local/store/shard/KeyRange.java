package io.slsdispatch.local.store.shard;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of hash keys, from {@code begin} inclusive to {@code end} exclusive. A range that ends at
 * {@link HashKey#LAST} includes that key.
 */
public record KeyRange(HashKey begin, HashKey end) {

    /** The whole ring. */
    public static final KeyRange RING = new KeyRange(HashKey.FIRST, HashKey.LAST);

    /** Whether this range contains a key. */
    public boolean holds(HashKey key) {
        return begin.compareTo(key) <= 0 && (key.compareTo(end) < 0 || end.equals(HashKey.LAST));
    }

    /** Whether a key is strictly inside the range, so that the range can be split there. */
    boolean canBeCutAt(HashKey key) {
        return begin.compareTo(key) < 0 && key.compareTo(end) < 0;
    }

    /** Splits the range into parts of nearly the same size. */
    List<KeyRange> dividedBy(int parts) {
        BigInteger from = begin.position();
        // The last range ends at 2^128 - 1. Dividing as if it ended at 2^128 keeps the usual round boundaries.
        BigInteger to = end.equals(HashKey.LAST) ? end.position().add(BigInteger.ONE) : end.position();
        BigInteger size = to.subtract(from);
        List<KeyRange> ranges = new ArrayList<>(parts);
        HashKey left = begin;
        for (int part = 1; part < parts; part++) {
            HashKey right =
                    HashKey.of(from.add(size.multiply(BigInteger.valueOf(part)).divide(BigInteger.valueOf(parts))));
            ranges.add(new KeyRange(left, right));
            left = right;
        }
        ranges.add(new KeyRange(left, end));
        return ranges;
    }
}
