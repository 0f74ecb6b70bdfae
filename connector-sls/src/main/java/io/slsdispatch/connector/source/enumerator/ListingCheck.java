package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.Shard;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells a listing that can be believed from one that may lack shards. A missing shard matters when its children are
 * listed: they would be read before it. Two things give a partial listing away: the shards that take writes do not fill
 * the ring of hash keys, or ids are left out among the new ones, which the service gives from 0 on and without gaps. A
 * doubtful listing is asked for again; when the answer is the same, it is believed, since shards can also be gone for
 * good: so the first listing of a logstore with expired shards takes two requests.
 */
final class ListingCheck {

    private @Nullable Set<Integer> doubted;

    /**
     * @param highestKnown the highest id that was ever taken, -1 at the first listing
     */
    boolean believes(Collection<Shard> listing, int highestKnown) {
        Set<Integer> ids = listing.stream().map(Shard::id).collect(Collectors.toSet());
        boolean whole = fillsRing(listing) && hasNoGaps(ids, highestKnown);
        boolean heardBefore = ids.equals(doubted);
        doubted = whole ? null : ids;
        return whole || heardBefore;
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

    private static boolean hasNoGaps(Set<Integer> ids, int highestKnown) {
        int highest = ids.stream().mapToInt(Integer::intValue).max().orElse(highestKnown);
        for (int id = highestKnown + 1; id < highest; id++) {
            if (!ids.contains(id)) {
                return false;
            }
        }
        return true;
    }
}
