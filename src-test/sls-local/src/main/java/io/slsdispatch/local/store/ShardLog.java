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
 * The groups of one shard, in the order they were received. Positions grow by one from group to group, but for the holes
 * that were asked for. A position inside a hole stands for the next group behind it. Groups are trimmed from the front;
 * what the ledger knows of them stays.
 *
 * <p>Methods that alter it are called inside a change only. The others may be called by any thread and see what was
 * published.
 */
public final class ShardLog {

    private static final int MAX_TRIM = 10_000;
    private static final long LAST_POSITION = Long.MAX_VALUE - (1L << 60);

    private final int shard;
    private final MVMap<Long, byte[]> groups;
    private final MVMap<Long, LedgerEntry> ledger;
    private final long first;

    // Only inside changes.
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
     * What a pull found.
     *
     * @param groups the groups, in order
     * @param next position after the last of them
     * @param lastMillis unix milliseconds of the receipt of the last of them, 0 when there is none
     */
    public record Batch(List<byte[]> groups, long next, long lastMillis) {}

    /** Position of the oldest group that is still there. */
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

    /** Number of groups that are still there. */
    public long retainedGroups() {
        return groupsBetween(begin, end());
    }

    /** Number of groups ever written from a position on, up to another. */
    public long groupsBetween(long from, long before) {
        return Math.max(0, index(before) - index(from));
    }

    /** How many groups were written before a position. */
    private long index(long position) {
        long index = ledger.getKeyIndex(position);
        return index < 0 ? -index - 1 : index;
    }

    /** Size of all groups ever written. */
    public long writtenBytes() {
        return tail.writtenBytes();
    }

    /** Position after the last group written, published or not. Inside changes only. */
    long next() {
        return next;
    }

    /**
     * Lets the next group have a position that is larger by so much. Until then the end stays where it is, and the hole is
     * kept in memory only. Inside changes only.
     *
     * @return the position that the next group will have
     * @throws Refusal ParameterInvalid when positions would come near the end of 64 bits
     */
    long jump(long size) {
        if (size > LAST_POSITION - next - hole) {
            throw new Refusal(
                    ErrorCode.PARAMETER_INVALID,
                    "shard " + shard + " is at position " + next + ", a hole of " + size + " leaves no room behind it");
        }
        hole += size;
        return next + hole;
    }

    /** Adds a group. Inside changes only. */
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

    /** How far the shard is written. */
    record Tail(long end, long writtenBytes) {}

    /** How far it is written by now, published or not. Inside changes only. */
    Tail tail() {
        return new Tail(next, writtenBytes);
    }

    /** Shows readers what was written so far. */
    void publish(Tail visible) {
        tail = visible;
    }

    /**
     * Reads groups from a position on.
     *
     * @param from between {@link #begin()} and {@link #end()}
     * @param before position to stop at, if it comes sooner than the end
     * @param maxGroups most groups
     * @param maxBytes stops before the group that would exceed it, but returns at least one
     * @throws Refusal InvalidCursor when the position was trimmed meanwhile
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
     * Reads groups from a position on as if those that are there came again and again after the newest. A batch ends with
     * the newest group, so that after some rounds the same batches come again.
     *
     * @param from {@link #begin()} or above
     * @param maxGroups most groups
     * @param maxBytes stops before the group that would exceed it, but returns at least one
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

    /** Unix milliseconds of the receipt of the first group ever published at or behind a position before the end. */
    public long receivedMillis(long position) {
        Long at = ledger.ceilingKey(position);
        return entry(at == null ? position : at).receivedMillis();
    }

    /** Unix milliseconds of the receipt of the last group ever published before a position, empty when there is none. */
    public OptionalLong receivedMillisBefore(long position) {
        Long at = ledger.lowerKey(position);
        return at == null ? OptionalLong.empty() : OptionalLong.of(entry(at).receivedMillis());
    }

    /** Position of the first retained group received at or after a time, the begin for the oldest one, else the end. */
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

    /** Position of the group that is so many behind the oldest one, the end when there are fewer. */
    public long positionAfter(long groupsToSkip) {
        long oldest = index(begin);
        long newest = index(end());
        return groupsToSkip >= newest - oldest ? end() : ledger.getKey(oldest + groupsToSkip);
    }

    /** What is known of every group published so far, in order, trimmed ones too. */
    public Iterator<LedgerEntry> ledger() {
        return new LedgerIterator(ledger, first, end());
    }

    /**
     * What a trim did.
     *
     * @param begin position of the oldest group that is left, to be shown to readers once the change is durable
     * @param bytes size of what went
     */
    record Trimmed(long begin, long bytes) {}

    /**
     * Drops the oldest groups, some thousands at a time. Inside changes only.
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

    /** Size of the groups that are still there, published or not. Inside changes only. */
    long retainedBytes() {
        return retainedBytes;
    }

    /** Shows readers that everything before a position is gone. */
    void publishBegin(long position) {
        begin = position;
    }

    /** Frees all that the shard has. Inside changes only. */
    void remove(Maps maps) {
        maps.remove(groups);
        maps.remove(ledger);
    }

    private LedgerEntry entry(long position) {
        LedgerEntry entry = ledger.get(position);
        if (entry == null) {
            throw new IllegalStateException("shard " + shard + " has nothing at position " + position);
        }
        return entry;
    }
}
