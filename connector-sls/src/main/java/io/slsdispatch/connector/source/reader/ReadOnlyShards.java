package io.slsdispatch.connector.source.reader;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The shards of a reader that are known to take no more writes, and since when. Safe for use from many threads. */
final class ReadOnlyShards {

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
                (known, fresh) -> new Closed(Math.max(known.atSeconds(), fresh.atSeconds()), known.knownSinceNanos()));
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
