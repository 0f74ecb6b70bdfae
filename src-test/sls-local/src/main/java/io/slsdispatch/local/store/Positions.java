package io.slsdispatch.local.store;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Allocates the position of the first group of each new shard: the shard's creation time in nanoseconds, and always
 * above every position that was allocated before. So cursors of one shard or of a deleted logstore are not valid in
 * another. Called inside changes only.
 */
final class Positions implements LongSupplier {

    // Gap between shards that are created at the same moment, or while the clock of a test does not advance.
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

    /** Makes all later positions larger than this one. */
    void passed(long position) {
        last = Math.max(last, position);
    }
}
