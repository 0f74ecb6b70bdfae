package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.Shard;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Lineage of shards through splits and merges. ListShards does not report parents, but the rules of the service imply
 * them: at any time the writable shards partition the ring of hash keys, a split or merge closes the old shards and
 * creates new ones on the same keys, and new shards have higher ids. So of two shards that share a key, the one with
 * the lower id was closed before the other was created. This holds for n-way splits, merges of merges, and generations
 * that no listing showed. Creation times do not help, because a child may have its parent's or none.
 */
final class ShardLineage {

    private ShardLineage() {}

    /** Returns whether {@code older} held some of the keys of {@code shard} before it. */
    static boolean isAncestor(Shard older, Shard shard) {
        return older.id() < shard.id() && older.range().overlaps(shard.range());
    }

    /**
     * Returns the read-only shards whose keys are not covered by writable shards, lowest id first. Their successors are
     * missing, because at any time each key belongs to one writable shard.
     */
    static List<Integer> withoutSuccessors(Collection<Shard> shards) {
        List<KeyRange> open = shards.stream()
                .filter(Shard::writable)
                .map(Shard::range)
                .sorted(Comparator.comparing(KeyRange::begin))
                .toList();
        return shards.stream()
                .filter(shard -> !shard.writable() && !covers(open, shard.range()))
                .map(Shard::id)
                .sorted()
                .toList();
    }

    private static boolean covers(List<KeyRange> sorted, KeyRange keys) {
        BigInteger coveredTo = keys.begin();
        for (KeyRange range : sorted) {
            boolean goesOn =
                    range.begin().compareTo(coveredTo) <= 0 && range.end().compareTo(coveredTo) > 0;
            coveredTo = goesOn ? range.end() : coveredTo;
        }
        return coveredTo.compareTo(keys.end()) >= 0;
    }

    /**
     * Closing times of shards, derived from a listing: a shard was closed when the shard was created that holds its
     * first key since then. A shard may have its parent's creation time or none, so only a later one counts. Fast for
     * thousands of shards.
     */
    static final class ClosingTimes {

        /** A shard that holds a key begins at the key or shortly before, because a merge joins neighbours. */
        private static final int MOST_BEGINS = 16;

        private final NavigableMap<BigInteger, List<Shard>> byBegin = new TreeMap<>();

        ClosingTimes(Collection<Shard> listing) {
            for (Shard shard : listing) {
                byBegin.computeIfAbsent(shard.range().begin(), begin -> new ArrayList<>())
                        .add(shard);
            }
        }

        /**
         * Returns the closing time of a shard or a later time, unix seconds by the service's clock; empty if not known.
         */
        OptionalLong of(Shard closed) {
            BigInteger key = closed.range().begin();
            return byBegin.headMap(key, true).descendingMap().values().stream()
                    .limit(MOST_BEGINS)
                    .map(shards -> shards.stream()
                            .filter(shard -> shard.range().end().compareTo(key) > 0
                                    && shard.id() > closed.id()
                                    && shard.createdAtSeconds() > closed.createdAtSeconds())
                            .mapToLong(Shard::createdAtSeconds)
                            .min())
                    .filter(OptionalLong::isPresent)
                    .findFirst()
                    .orElse(OptionalLong.empty());
        }
    }
}
