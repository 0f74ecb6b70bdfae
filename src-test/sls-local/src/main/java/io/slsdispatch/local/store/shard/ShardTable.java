package io.slsdispatch.local.store.shard;

import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The shards of a logstore at one moment. The read-write ones cover the ring without overlap; a split or merge returns
 * a new table with the same property.
 */
public final class ShardTable {

    private static final int MAX_SPLIT = 64;

    private final NavigableMap<Integer, ShardInfo> all;
    private final List<ShardInfo> open;
    private final int nextId;

    private ShardTable(NavigableMap<Integer, ShardInfo> all, int nextId) {
        this.all = all;
        this.nextId = nextId;
        this.open = all.values().stream()
                .filter(ShardInfo::isReadWrite)
                .sorted(Comparator.comparing(shard -> shard.range().begin()))
                .toList();
    }

    /**
     * A split or merge.
     *
     * @param table the table after it
     * @param closed the parents, now read-only
     * @param added the children
     */
    public record Change(ShardTable table, List<ShardInfo> closed, List<ShardInfo> added) {}

    public static ShardTable of(List<ShardInfo> shards, int nextId) {
        NavigableMap<Integer, ShardInfo> all = new TreeMap<>();
        shards.forEach(shard -> all.put(shard.id(), shard));
        return new ShardTable(all, nextId);
    }

    public static ShardTable initial(int shards, long millis, LongSupplier positions) {
        return of(List.of(), 0)
                .replace(List.of(), KeyRange.RING.dividedBy(shards), millis, positions)
                .table();
    }

    public List<ShardInfo> all() {
        return List.copyOf(all.values());
    }

    public List<ShardInfo> open() {
        return open;
    }

    public int nextId() {
        return nextId;
    }

    public Optional<ShardInfo> find(int id) {
        return Optional.ofNullable(all.get(id));
    }

    /** The read-write shard whose range contains a key. */
    public Optional<ShardInfo> holderOf(HashKey key) {
        for (ShardInfo shard : open) {
            if (shard.range().holds(key)) {
                return Optional.of(shard);
            }
        }
        return Optional.empty();
    }

    /**
     * Splits a shard: closes it and divides its keys among new shards.
     *
     * @param at the key at which to split in two; without it, the keys are divided evenly
     * @param parts number of new shards when no key is given
     * @throws Refusal ShardNotExist or ParameterInvalid when this shard cannot be split in this way
     */
    public Change split(int id, Optional<HashKey> at, int parts, long millis, LongSupplier positions) {
        ShardInfo parent = openShard(id);
        List<KeyRange> ranges = at.isPresent() ? cut(parent.range(), at.get()) : divide(parent.range(), parts);
        return replace(List.of(parent), ranges, millis, positions);
    }

    /**
     * Merges a shard with its right neighbour: closes both and gives their keys to a new shard.
     *
     * @throws Refusal ShardNotExist or ParameterInvalid when there is no such pair
     */
    public Change merge(int id, long millis, LongSupplier positions) {
        ShardInfo left = openShard(id);
        ShardInfo right = open.stream()
                .filter(shard -> shard.range().begin().equals(left.range().end()))
                .findFirst()
                .orElseThrow(() -> invalid("invalid shard id " + id + ": no readwrite shard on its right"));
        KeyRange range = new KeyRange(left.range().begin(), right.range().end());
        return replace(List.of(left, right), List.of(range), millis, positions);
    }

    /** The table without read-only shards that have vanished. */
    public ShardTable without(List<ShardInfo> gone) {
        NavigableMap<Integer, ShardInfo> remaining = new TreeMap<>(all);
        gone.forEach(shard -> remaining.remove(shard.id()));
        return new ShardTable(remaining, nextId);
    }

    private Change replace(List<ShardInfo> parents, List<KeyRange> ranges, long millis, LongSupplier positions) {
        NavigableMap<Integer, ShardInfo> after = new TreeMap<>(all);
        List<ShardInfo> closed =
                parents.stream().map(parent -> parent.closed(millis)).toList();
        closed.forEach(parent -> after.put(parent.id(), parent));
        List<Integer> parentIds = parents.stream().map(ShardInfo::id).toList();
        List<ShardInfo> added = new ArrayList<>(ranges.size());
        int id = nextId;
        for (KeyRange range : ranges) {
            added.add(new ShardInfo(id, range, millis, 0, positions.getAsLong(), parentIds));
            id++;
        }
        added.forEach(child -> after.put(child.id(), child));
        return new Change(new ShardTable(after, id), closed, List.copyOf(added));
    }

    private ShardInfo openShard(int id) {
        ShardInfo shard =
                find(id).orElseThrow(() -> new Refusal(ErrorCode.SHARD_NOT_EXIST, "shard " + id + " does not exist"));
        if (!shard.isReadWrite()) {
            throw invalid("invalid shard id " + id + ": it is readonly");
        }
        return shard;
    }

    private static List<KeyRange> cut(KeyRange range, HashKey at) {
        if (!range.canBeCutAt(at)) {
            throw invalid("invalid mid hash " + at + ": it must lie inside " + range.begin() + " to " + range.end());
        }
        return List.of(new KeyRange(range.begin(), at), new KeyRange(at, range.end()));
    }

    private static List<KeyRange> divide(KeyRange range, int parts) {
        if (parts < 2 || parts > MAX_SPLIT) {
            throw invalid("shardCount " + parts + " is not between 2 and " + MAX_SPLIT);
        }
        BigInteger size = range.end().position().subtract(range.begin().position());
        if (size.compareTo(BigInteger.valueOf(parts)) < 0) {
            throw invalid("the range of " + size + " keys is too small for " + parts + " shards");
        }
        return range.dividedBy(parts);
    }

    private static Refusal invalid(String message) {
        return new Refusal(ErrorCode.PARAMETER_INVALID, message);
    }
}
