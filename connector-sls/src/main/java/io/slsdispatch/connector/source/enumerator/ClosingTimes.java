package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.model.Shard;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * When shards were closed, by a listing: when the shard was created that holds their first key since then. A shard may
 * carry its parent's creation time or none, so only a later one counts. Fast for thousands of shards.
 */
final class ClosingTimes {

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
