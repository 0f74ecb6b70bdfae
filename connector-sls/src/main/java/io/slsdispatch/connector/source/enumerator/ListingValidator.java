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
 * Tells a listing that can be believed from one that may lack shards. A missing shard matters when its children are
 * listed: they would be read before it. Two things give a partial listing away: the shards that take writes do not fill
 * the ring of hash keys, or ids are left out among the new ones, which the service gives from 0 on and without gaps.
 * Every way to leave out a shard whose descendants are listed shows in one of them, as long as no higher id was taken
 * before: a shard that takes no writes has descendants with higher ids, down to one that takes writes.
 *
 * <p>A doubtful listing is asked for again. What it shows exists, whatever it lacks, so it completes those that follow.
 * When {@value #CONFIRMATIONS} more bring nothing new, they are believed, since shards can also be gone for good: so the
 * first listing of a logstore with expired shards takes three requests.
 *
 * <p>What can still go wrong: a service that leaves out the same shard in all these listings has the children read before
 * it, and then the shard itself from its beginning, as one that appeared later. A listing that is whole, but old, is
 * believed: shards that are missing in it because they are younger are read from their beginning when they appear, even
 * if the configured start is a later one. Both cost order or repeats, never groups.
 *
 * <p>Not safe for use from several threads.
 */
final class ListingValidator {

    /** How many listings must bring nothing new to a doubtful one. */
    static final int CONFIRMATIONS = 2;

    /** All shards of the listings that were doubted in a row. */
    private final TreeMap<Integer, Shard> doubted = new TreeMap<>();

    private int confirmations;

    /** The ids of a listing that did not become whole, but was confirmed; the same again is nothing to wonder about. */
    private Set<Integer> believedInDoubt = Set.of();

    /**
     * Takes a listing.
     *
     * @param listing not empty
     * @param highestKnown the highest id that was ever taken, -1 at the first listing
     * @return each shard once, ordered by id; nothing when it is better to ask again
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

    /** A shard that was seen read-only stays so: what shows it writable is older. */
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

    /** The new ids that a listing leaves out below its highest one, in order. */
    static List<Integer> leftOut(Collection<Shard> listing, int highestKnown) {
        Set<Integer> ids = listing.stream().map(Shard::id).collect(Collectors.toSet());
        int highest = ids.stream().mapToInt(Integer::intValue).max().orElse(highestKnown);
        return IntStream.range(highestKnown + 1, highest)
                .filter(id -> !ids.contains(id))
                .boxed()
                .toList();
    }
}
