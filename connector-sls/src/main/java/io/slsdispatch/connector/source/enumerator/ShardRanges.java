package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.model.Shard;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Shards by their hash keys, to find an ancestor of a shard among thousands without looking at each. At any time the
 * writable shards partition the ring, so few shards of about the same width hold a key.
 */
final class ShardRanges {

    private final Map<Integer, Shard> byId = new HashMap<>();

    /** By the bit length of the width of the range, by its begin, by the id. */
    private final TreeMap<Integer, TreeMap<BigInteger, Map<Integer, Shard>>> byWidth = new TreeMap<>();

    /** Adds a shard, in place of the one with the same id. */
    void put(Shard shard) {
        Shard before = byId.put(shard.id(), shard);
        if (before != null && before.range().equals(shard.range())) {
            return;
        }
        if (before != null) {
            removeRange(before);
        }
        byWidth.computeIfAbsent(widthBits(shard), bits -> new TreeMap<>())
                .computeIfAbsent(shard.range().begin(), begin -> new HashMap<>())
                .put(shard.id(), shard);
    }

    void remove(int id) {
        Shard before = byId.remove(id);
        if (before != null) {
            removeRange(before);
        }
    }

    private void removeRange(Shard shard) {
        int bits = widthBits(shard);
        TreeMap<BigInteger, Map<Integer, Shard>> byBegin = byWidth.getOrDefault(bits, new TreeMap<>());
        Map<Integer, Shard> same = byBegin.getOrDefault(shard.range().begin(), new HashMap<>());
        same.remove(shard.id());
        if (same.isEmpty()) {
            byBegin.remove(shard.range().begin());
        }
        if (byBegin.isEmpty()) {
            byWidth.remove(bits);
        }
    }

    private static int widthBits(Shard shard) {
        return shard.range().end().subtract(shard.range().begin()).bitLength();
    }

    /** Returns a shard that held some of the keys of this one before it; empty if there is none. */
    Optional<Shard> ancestorOf(Shard shard) {
        for (Map.Entry<Integer, TreeMap<BigInteger, Map<Integer, Shard>>> width : byWidth.entrySet()) {
            BigInteger mostBefore = shard.range().begin().subtract(BigInteger.ONE.shiftLeft(width.getKey()));
            for (Map<Integer, Shard> same : width.getValue()
                    .subMap(mostBefore, true, shard.range().end(), false)
                    .values()) {
                for (Shard older : same.values()) {
                    if (ShardLineage.isAncestor(older, shard)) {
                        return Optional.of(older);
                    }
                }
            }
        }
        return Optional.empty();
    }
}
