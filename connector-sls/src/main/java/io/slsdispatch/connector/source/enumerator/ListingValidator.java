package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.Shard;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Validator of shard listings: distinguishes complete listings from those that may lack shards. A missing shard matters
 * if its children are listed, because they would be read before it. Two signs reveal a partial listing: the writable
 * shards do not cover the whole ring of hash keys, or new ids are missing, which the service assigns from 0 on and
 * without gaps. Every missing shard whose descendants are listed causes one of these signs, as long as no higher id was
 * accepted before: a read-only shard has descendants with higher ids, down to a writable one.
 *
 * <p>A doubtful listing is requested again. Its shards exist, whatever else is missing, so they complete the listings
 * that follow. When {@value #CONFIRMATIONS} more listings contain nothing new, they are accepted, because shards can
 * also be gone permanently. So the first listing of a logstore with expired shards takes three requests.
 *
 * <p>Remaining risks: if the service omits the same shard in all these listings, its children are read before it, and
 * then the shard itself is read from its beginning, as one that appeared later. A listing that is complete but outdated
 * is accepted: younger shards that it lacks are read from their beginning when they appear, even if the configured
 * start is later. Both affect order or cause repeats, but never lose groups.
 *
 * <p>Not thread-safe.
 */
final class ListingValidator {

    /** Number of listings that must add nothing to a doubtful one. */
    static final int CONFIRMATIONS = 2;

    /** All shards of the consecutive doubtful listings. */
    private final TreeMap<Integer, Shard> doubted = new TreeMap<>();

    private int confirmations;

    /** The ids of an incomplete but confirmed listing; an equal listing is accepted at once. */
    private Set<Integer> believedInDoubt = Set.of();

    /**
     * Validates a listing.
     *
     * @param listing not empty
     * @param highestKnown the highest id that was ever accepted, -1 at the first listing
     * @return each shard once, ordered by id; empty if the listing must be requested again
     */
    Optional<List<Shard>> believe(Collection<Shard> listing, int highestKnown) {
        TreeMap<Integer, Shard> shards = new TreeMap<>();
        listing.forEach(shard -> add(shard, shards));
        boolean whole = isWhole(shards, highestKnown);
        if (!whole && !shards.keySet().equals(believedInDoubt)) {
            boolean nothingNew = doubted.keySet().containsAll(shards.keySet());
            shards.values().forEach(shard -> add(shard, doubted));
            confirmations = nothingNew ? confirmations + 1 : 0;
            if (confirmations < CONFIRMATIONS && !isWhole(doubted, highestKnown)) {
                return Optional.empty();
            }
            shards.putAll(doubted);
            whole = isWhole(shards, highestKnown);
        }
        believedInDoubt = whole ? Set.of() : Set.copyOf(shards.keySet());
        doubted.clear();
        confirmations = 0;
        return Optional.of(List.copyOf(shards.values()));
    }

    /** Adds a shard. One that was seen read-only stays read-only: a listing that shows it as writable is older. */
    private static void add(Shard shard, Map<Integer, Shard> shards) {
        shards.merge(shard.id(), shard, (known, other) -> known.writable() ? other : known);
    }

    private static boolean isWhole(Map<Integer, Shard> shards, int highestKnown) {
        return fillsRing(shards.values())
                && leftOut(shards.values(), highestKnown).isEmpty();
    }

    private static boolean fillsRing(Collection<Shard> listing) {
        List<KeyRange> ranges = listing.stream()
                .filter(Shard::writable)
                .map(Shard::range)
                .sorted(Comparator.comparing(KeyRange::begin))
                .toList();
        BigInteger filledTo = KeyRange.RING.begin();
        for (KeyRange range : ranges) {
            if (!range.begin().equals(filledTo)) {
                return false;
            }
            filledTo = range.end();
        }
        return filledTo.equals(KeyRange.RING.end());
    }

    /** Returns the new ids below the highest one that a listing lacks, in order. */
    static List<Integer> leftOut(Collection<Shard> listing, int highestKnown) {
        Set<Integer> ids = listing.stream().map(Shard::id).collect(Collectors.toSet());
        int highest = ids.stream().mapToInt(Integer::intValue).max().orElse(highestKnown);
        return IntStream.range(highestKnown + 1, highest)
                .filter(id -> !ids.contains(id))
                .boxed()
                .toList();
    }
}
