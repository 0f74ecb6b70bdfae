package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Cursor;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Whether a shard that takes no more writes is read to its end. An idle shard and a finished one answer alike, and a late
 * write may become visible just after a split. So it takes a pull that brings nothing and, after it, an end cursor that is
 * the position, both asked for after the settle time. An end below the position is an old answer and shows nothing: then
 * it also takes that no end above the position was seen for the settle time.
 *
 * <p>Plain logic, one thread.
 */
final class ShardEndDetector {

    enum Verdict {
        REACHED,
        /** Pull again. */
        READ_ON,
        /** Pull and look again after a pause. */
        CONTRADICTED
    }

    /** How many old end cursors in a row it takes, as well as the time. */
    private static final int LOOKS = 3;

    private final Duration settleTime;
    private final LongSupplier nanoTime;

    private boolean drained;
    private boolean drainedWhenSettled;
    private boolean quiet;
    private long quietSince;
    private int contradictions;

    /** @param nanoTime as {@link System#nanoTime()} */
    ShardEndDetector(Duration settleTime, LongSupplier nanoTime) {
        this.settleTime = settleTime;
        this.nanoTime = nanoTime;
    }

    /** Takes a pull that brought groups. */
    void pulledGroups() {
        drained = false;
        drainedWhenSettled = false;
        quiet = false;
        contradictions = 0;
    }

    /**
     * Takes a pull that brought nothing.
     *
     * @param readOnly whether the shard was known to take no more writes when it was asked for
     * @param settled whether the settle time had passed then
     */
    void pulledNothing(boolean readOnly, boolean settled) {
        drained = readOnly;
        drainedWhenSettled = readOnly && settled;
        if (!quiet) {
            quiet = true;
            quietSince = nanoTime.getAsLong();
        }
    }

    /** Whether the last pull was made when the shard was known to take no more writes, and brought nothing. */
    boolean isDrained() {
        return drained;
    }

    /** Whether the end cursor is to be looked up. */
    boolean isToBeLookedUp() {
        return drainedWhenSettled;
    }

    /** Takes the end cursor. */
    Verdict ends(Cursor position, Cursor end) {
        if (end.equals(position)) {
            return Verdict.REACHED;
        }
        drainedWhenSettled = false;
        contradictions++;
        boolean isOld = position.isAfter(end);
        if (!isOld) {
            quiet = false;
            return contradictions == 1 ? Verdict.READ_ON : Verdict.CONTRADICTED;
        }
        boolean isLongQuiet = quiet && nanoTime.getAsLong() - quietSince >= settleTime.toNanos();
        return isLongQuiet && contradictions >= LOOKS ? Verdict.REACHED : Verdict.CONTRADICTED;
    }

    /** How many end cursors in a row were not the position though pulls bring nothing. */
    int contradictions() {
        return contradictions;
    }

    /** The shards of a reader that are known to take no more writes, and since when. Safe for use from many threads. */
    static final class ReadOnlyShards {

        private record Closed(long atSeconds, long knownSinceNanos) {}

        private final ServiceTime serviceTime;
        private final LongSupplier nanoTime;
        private final Map<Integer, Closed> shards = new ConcurrentHashMap<>();

        /** @param nanoTime as {@link System#nanoTime()} */
        ReadOnlyShards(ServiceTime serviceTime, LongSupplier nanoTime) {
            this.serviceTime = serviceTime;
            this.nanoTime = nanoTime;
        }

        /** Notes that a shard takes no more writes since a time that is not known. */
        void add(int shard) {
            add(shard, 0);
        }

        /**
         * Notes that a shard takes no more writes.
         *
         * @param closedAtSeconds since when, unix seconds by the service's clock; 0 when not known
         */
        void add(int shard, long closedAtSeconds) {
            shards.merge(
                    shard,
                    new Closed(closedAtSeconds, nanoTime.getAsLong()),
                    (known, fresh) ->
                            new Closed(Math.max(known.atSeconds(), fresh.atSeconds()), known.knownSinceNanos()));
        }

        boolean contains(int shard) {
            return shards.containsKey(shard);
        }

        void remove(int shard) {
            shards.remove(shard);
        }

        /** Whether a shard takes no more writes for so long, by the service's clock or by how long that is known here. */
        boolean isSettled(int shard, Duration settleTime) {
            Closed closed = shards.get(shard);
            if (closed == null) {
                return false;
            }
            boolean isKnownLongEnough = nanoTime.getAsLong() - closed.knownSinceNanos() >= settleTime.toNanos();
            return isKnownLongEnough
                    || (closed.atSeconds() > 0
                            && serviceTime.isPast(
                                    Instant.ofEpochSecond(closed.atSeconds()).plus(settleTime)));
        }
    }
}
