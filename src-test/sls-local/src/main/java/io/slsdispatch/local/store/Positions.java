package io.slsdispatch.local.store;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Gives each new shard the position of its first group: the time of its creation in nanoseconds, and always beyond every
 * position that was given before, so that cursors of one shard or of a deleted logstore are not valid in another. Inside
 * changes only.
 */
final class Positions implements LongSupplier {

    // ByteBudget between shards that are created at the same moment, or while a test's clock stands still.
    private static final long GAP = 1_000_000L;

    private final InstantSource clock;
    private long last;

    Positions(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public long getAsLong() {
        Instant now = clock.instant();
        long nanos = Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
        last = Math.max(nanos, last + GAP);
        return last;
    }

    /** Makes later positions lie beyond this one. */
    void passed(long position) {
        last = Math.max(last, position);
    }
}
