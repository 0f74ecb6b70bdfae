package io.slsdispatch.local.store;

import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.store.shard.ShardInfo;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.h2.mvstore.MVMap;

/**
 * The groups of one shard, in the order they were received. Positions increase by one from group to group, except for
 * holes made by {@link #jump}. A position inside a hole refers to the next group after the hole. Groups are trimmed
 * from the front; their ledger entries are kept.
 *
 * <p>Methods that modify it are called inside a change only. The others may be called by any thread and see the
 * published state.
 */
public final class ShardLog {

    private static final int MAX_TRIM = 10_000;
    private static final long LAST_POSITION = Long.MAX_VALUE - (1L << 60);

    private final int shard;
    private final MVMap<Long, byte[]> groups;
    private final MVMap<Long, LedgerEntry> ledger;
    private final long first;

    // Accessed inside changes only.
    private long next;
    private long hole;
    private long lastMillis;
    private long retainedBytes;
    private long writtenBytes;

    private volatile long begin;
    private volatile Tail tail;

    ShardLog(ShardInfo shard, Maps maps, long logstore) {
        this.shard = shard.id();
        groups = maps.groups(logstore, shard.id());
        ledger = maps.ledger(logstore, shard.id());
        first = shard.firstPosition();
        Long lastWritten = ledger.lastKey();
        Long oldest = groups.firstKey();
        boolean trimmed = lastWritten != null && !ledger.firstKey().equals(oldest);
        next = lastWritten == null ? first : lastWritten + 1;
        lastMillis =
                lastWritten == null ? shard.createdMillis() : entry(lastWritten).receivedMillis();
        begin = !trimmed ? first : oldest == null ? next : oldest;
        new LedgerIterator(ledger, first, next).forEachRemaining(entry -> {
            writtenBytes += entry.rawBytes();
            retainedBytes += entry.position() < begin ? 0 : entry.rawBytes();
        });
        tail = tail();
    }

    /**
     * The result of a pull.
     *
     * @param groups the groups, in order
     * @param next position after the last of them
     * @param lastMillis unix milliseconds of the receipt of the last of them, 0 when there is none
     */
    public record Batch(List<byte[]> groups, long next, long lastMillis) {}

    /** Position of the oldest retained group. */
    public long begin() {
        return begin;
    }

    /** Position that the next group will have. */
    public long end() {
        return tail.end();
    }

    /** Number of groups ever written. */
    public long writtenGroups() {
        return groupsBetween(first, end());
    }

    /** Number of retained groups. */
    public long retainedGroups() {
        return groupsBetween(begin, end());
    }

    /** Number of groups ever written, from one position up to another. */
    public long groupsBetween(long from, long before) {
        return Math.max(0, index(before) - index(from));
    }

    /** The number of groups that were written before a position. */
    private long index(long position) {
        long index = ledger.getKeyIndex(position);
        return index < 0 ? -index - 1 : index;
    }

    /** Size of all groups ever written. */
    public long writtenBytes() {
        return tail.writtenBytes();
    }

    /** Position after the last group written, published or not. Called inside changes only. */
    long next() {
        return next;
    }

    /**
     * Makes the position of the next group larger by {@code size}. Until that group is written, the end does not move
     * and the hole is kept in memory only. Called inside changes only.
     *
     * @return the position that the next group will have
     * @throws Refusal ParameterInvalid when positions would come near the end of 64 bits
     */
    long jump(long size) {
        if (size > LAST_POSITION - next - hole) {
            throw new Refusal(
                    ErrorCode.PARAMETER_INVALID,
                    "shard " + shard + " is at position " + next + ": a hole of " + size + " is too large");
        }
        hole += size;
        return next + hole;
    }

    /** Appends a group. Called inside changes only. */
    void append(StoredGroup group, long nowMillis) {
        lastMillis = Math.max(lastMillis, nowMillis);
        next += hole;
        hole = 0;
        ledger.put(
                next,
                new LedgerEntry(
                        shard, next, lastMillis, group.bytes().length, group.digest(), group.topic(), group.parts()));
        groups.put(next, group.bytes());
        retainedBytes += group.bytes().length;
        writtenBytes += group.bytes().length;
        next++;
    }

    /** The end of the shard and the bytes written up to it. */
    record Tail(long end, long writtenBytes) {}

    /** The current end of what was written, published or not. Called inside changes only. */
    Tail tail() {
        return new Tail(next, writtenBytes);
    }

    /** Publishes to readers the groups written so far. */
    void publish(Tail visible) {
        tail = visible;
    }

    /**
     * Reads groups, starting at a position.
     *
     * @param from between {@link #begin()} and {@link #end()}
     * @param before position to stop at, if it comes sooner than the end
     * @param maxGroups maximum number of groups
     * @param maxBytes maximum bytes; the batch ends before the group that would exceed it, but has at least one group
     * @throws Refusal InvalidCursor when the position was trimmed in the meantime
     */
    public Batch read(long from, long before, int maxGroups, long maxBytes) {
        long stop = Math.min(before, end());
        List<byte[]> found = new ArrayList<>();
        long position = from;
        if (from < stop) {
            var cursor = groups.cursor(from);
            long bytes = 0;
            while (found.size() < maxGroups && cursor.hasNext()) {
                long at = cursor.next();
                if (found.isEmpty()) {
                    checkThere(from, at);
                }
                bytes += cursor.getValue().length;
                if (at >= stop || (bytes > maxBytes && !found.isEmpty())) {
                    break;
                }
                found.add(cursor.getValue());
                position = at + 1;
            }
            if (found.isEmpty()) {
                checkThere(from, stop);
            }
        }
        return new Batch(found, position, found.isEmpty() ? 0 : receivedMillis(position - 1));
    }

    private void checkThere(long from, long firstFound) {
        Long written = ledger.ceilingKey(from);
        if (written != null && written < firstFound) {
            throw new Refusal(ErrorCode.INVALID_CURSOR, "the data at position " + from + " was just trimmed");
        }
    }

    /**
     * Reads groups, starting at a position, as if the retained groups repeated without end after the newest. A batch
     * ends with the newest group, so that the same batches repeat after some rounds.
     *
     * @param from {@link #begin()} or above
     * @param maxGroups maximum number of groups
     * @param maxBytes maximum bytes; the batch ends before the group that would exceed it, but has at least one group
     */
    public Batch readRoundAndRound(long from, int maxGroups, long maxBytes) {
        if (begin == end()) {
            return new Batch(List.of(), from, 0);
        }
        Batch part = read(placeInRound(from), end(), maxGroups, maxBytes);
        return new Batch(part.groups(), from + part.groups().size(), part.lastMillis());
    }

    /** The position of the group that {@link #readRoundAndRound} gives for a position. */
    public long placeInRound(long from) {
        long first = begin;
        return first + (from - first) % (end() - first);
    }

    /**
     * Unix milliseconds of the receipt of the first group ever published at or after a position; the position is before
     * the end.
     */
    public long receivedMillis(long position) {
        Long at = ledger.ceilingKey(position);
        return entry(at == null ? position : at).receivedMillis();
    }

    /** Unix milliseconds of the receipt of the last group ever published before a position, empty if there is none. */
    public OptionalLong receivedMillisBefore(long position) {
        Long at = ledger.lowerKey(position);
        return at == null ? OptionalLong.empty() : OptionalLong.of(entry(at).receivedMillis());
    }

    /**
     * Position of the first retained group received at or after a time: the begin if that is the oldest group, the end
     * if there is no such group.
     */
    public long firstReceivedFrom(long millis) {
        long low = index(begin);
        long oldest = low;
        long high = index(end());
        long newest = high;
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (entry(ledger.getKey(middle)).receivedMillis() < millis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == newest ? end() : low == oldest ? begin : ledger.getKey(low);
    }

    /** Position of the group that is {@code groupsToSkip} after the oldest one, the end when there are fewer. */
    public long positionAfter(long groupsToSkip) {
        long oldest = index(begin);
        long newest = index(end());
        return groupsToSkip >= newest - oldest ? end() : ledger.getKey(oldest + groupsToSkip);
    }

    /**
     * A retained group.
     *
     * @param receivedMillis unix milliseconds of its receipt
     */
    public record Kept(long position, long receivedMillis, byte[] bytes) {}

    /** The newest retained groups, at most so many, in no particular order. Fewer if others are trimmed meanwhile. */
    public List<Kept> newest(int count) {
        List<Kept> newest = new ArrayList<>();
        long end = end();
        for (Long at = ledger.lowerKey(end); at != null && at >= begin && newest.size() < count; ) {
            byte[] bytes = groups.get(at);
            if (bytes != null) {
                newest.add(new Kept(at, entry(at).receivedMillis(), bytes));
            }
            at = ledger.lowerKey(at);
        }
        return newest;
    }

    /** The ledger: an entry for each group published so far, in order, including trimmed ones. */
    public Iterator<LedgerEntry> ledger() {
        return new LedgerIterator(ledger, first, end());
    }

    /**
     * The result of a trim.
     *
     * @param begin position of the oldest group that is left, to be published to readers when the change is durable
     * @param bytes size of the dropped groups
     */
    record Trimmed(long begin, long bytes) {}

    /**
     * Drops the oldest groups, some thousands at a time. Called inside changes only.
     *
     * @param before position of the first group that stays
     */
    Trimmed trim(long before) {
        if (before <= begin) {
            return new Trimmed(begin, 0);
        }
        long bytes = 0;
        Long oldest = groups.firstKey();
        for (int gone = 0; oldest != null && oldest < before && gone < MAX_TRIM; gone++) {
            bytes += groups.remove(oldest).length;
            oldest = groups.firstKey();
        }
        retainedBytes -= bytes;
        return new Trimmed(oldest == null ? next : oldest, bytes);
    }

    /** Size of the retained groups, published or not. Called inside changes only. */
    long retainedBytes() {
        return retainedBytes;
    }

    /** Publishes to readers that all groups before a position are dropped. */
    void publishBegin(long position) {
        begin = position;
    }

    /** Deletes all data of the shard. Called inside changes only. */
    void remove(Maps maps) {
        maps.remove(groups);
        maps.remove(ledger);
    }

    private LedgerEntry entry(long position) {
        LedgerEntry entry = ledger.get(position);
        if (entry == null) {
            throw new IllegalStateException("Shard " + shard + " has no group at position " + position);
        }
        return entry;
    }
}
