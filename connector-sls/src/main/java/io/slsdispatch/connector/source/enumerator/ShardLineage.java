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
 * Which shards came from which. The service does not say (ListShards has no link to parents), but its rules do: at any
 * moment the shards that take writes divide the ring of hash keys among them, a split or merge ends the old shards and
 * makes new ones on the same keys, and new shards have higher ids. So of two shards that share a key, the one with the
 * lower id ended before the other began, whatever happened in between: n-way splits, merges of merges, and generations
 * that nobody listed. Creation times are no help, since a child may carry its parent's or none.
 */
final class ShardLineage {

    private ShardLineage() {}

    /** Whether {@code older} held some of the keys of {@code shard} before it. */
    static boolean isAncestor(Shard older, Shard shard) {
        return older.id() < shard.id() && older.range().overlaps(shard.range());
    }

    /**
     * The shards that take no writes and whose keys no shard that takes writes has, lowest id first: what they became is
     * missing, since at any moment each key is with one shard that takes writes.
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
     * When shards were closed, by a listing: when the shard was created that holds their first key since then. A shard may
     * carry its parent's creation time or none, so only a later one counts. Fast for thousands of shards.
     */
    static final class ClosingTimes {

        /** Shards that hold a key begin at it or shortly before, as a merge joins neighbours. */
        private static final int MOST_BEGINS = 16;

        private final NavigableMap<BigInteger, List<Shard>> byBegin = new TreeMap<>();

        ClosingTimes(Collection<Shard> listing) {
            for (Shard shard : listing) {
                byBegin.computeIfAbsent(shard.range().begin(), begin -> new ArrayList<>())
                        .add(shard);
            }
        }

        /** When a shard was closed, unix seconds by the service's clock, or some time after; empty when not known. */
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
