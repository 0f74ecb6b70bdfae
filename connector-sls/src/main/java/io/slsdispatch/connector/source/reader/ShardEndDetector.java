package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Cursor;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Detects when a read-only shard is read to the end. Responses of an idle shard and of a finished one are alike, and a
 * late write may become visible shortly after a split. So two conditions must hold: a pull returns nothing, and an end
 * cursor looked up after it equals the position. Both requests must be sent after the settle time. An end cursor below
 * the position is outdated and proves nothing; in that case, additionally no end cursor above the position may appear
 * for the settle time.
 *
 * <p>Plain logic, one thread.
 */
final class ShardEndDetector {

    enum Verdict {
        REACHED,
        /** Pull again. */
        READ_ON,
        /** Pull and look up the end again after a pause. */
        CONTRADICTED
    }

    /** Number of consecutive outdated end cursors that are needed, in addition to the time. */
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

    /** Records a pull that returned groups. */
    void pulledGroups() {
        drained = false;
        drainedWhenSettled = false;
        quiet = false;
        contradictions = 0;
    }

    /**
     * Records a pull that returned nothing.
     *
     * @param readOnly whether the shard was known to be read-only at the time of the request
     * @param settled whether the settle time had passed by then
     */
    void pulledNothing(boolean readOnly, boolean settled) {
        drained = readOnly;
        drainedWhenSettled = readOnly && settled;
        if (!quiet) {
            quiet = true;
            quietSince = nanoTime.getAsLong();
        }
    }

    /** Returns whether the last pull was sent when the shard was known to be read-only, and returned nothing. */
    boolean isDrained() {
        return drained;
    }

    /** Returns whether the end cursor must be looked up. */
    boolean isToBeLookedUp() {
        return drainedWhenSettled;
    }

    /** Compares an end cursor with the position. */
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

    /** Returns how many consecutive end cursors differed from the position although pulls return nothing. */
    int contradictions() {
        return contradictions;
    }

    /** The shards of a reader that are known to be read-only, and their closing times. Thread-safe. */
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

        /** Records that a shard is read-only, with an unknown closing time. */
        void add(int shard) {
            add(shard, 0);
        }

        /**
         * Records that a shard is read-only.
         *
         * @param closedAtSeconds closing time, unix seconds by the service's clock; 0 if not known
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

        /**
         * Returns whether a shard has been read-only for the settle time, by the service's clock or since this reader
         * knows it.
         */
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
