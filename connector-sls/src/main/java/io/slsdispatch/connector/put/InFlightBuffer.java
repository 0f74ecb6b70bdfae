package io.slsdispatch.connector.put;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * The byte budget of one or more engines. It holds at most the configured bytes, and at most the bytes that the recent
 * rate can send within the drain time. So a slow target has fewer bytes in flight, and a checkpoint completes in time
 * nevertheless. One thread.
 */
@Internal
public final class InFlightBuffer {

    /**
     * The byte budget that the buffers of several targets share. No target can use it up: each holds at most an eighth of
     * it, but may always hold one efficient request. A target that stores its groups gets room for one such request even
     * while the groups of others that do not move fill the budget. So the buffers together hold at most the budget and one
     * request, or one group where a single group is larger. One thread.
     */
    public static final class Budget {

        /** The size of an efficient request, see {@link BatchLinger}. */
        static final long REQUEST = BatchLinger.ENOUGH_BYTES;

        private static final int SHARES = 8;

        private final long maxBytes;
        private long groups;
        private long bytes;

        /** @param maxBytes the budget in bytes */
        public Budget(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        /** The number of groups in all buffers. */
        public long groups() {
            return groups;
        }

        /** The number of bytes in all buffers. */
        public long bytes() {
            return bytes;
        }

        /** The budget in bytes. */
        public long maxBytes() {
            return maxBytes;
        }

        /** The most bytes that the buffer of one target may hold. */
        public long share() {
            return Math.max(REQUEST, maxBytes / SHARES);
        }

        /**
         * Whether a buffer may take a group.
         *
         * @param own the memory that the groups of that buffer take
         * @param more the memory of the group
         * @param moves whether the target of that buffer stores its groups
         */
        boolean fits(long own, long more, boolean moves) {
            long taken = bytes + groups * BYTES_PER_GROUP;
            return taken + more <= maxBytes
                    || (moves && own + more <= REQUEST && taken + more <= maxBytes + REQUEST)
                    || (own == 0 && taken <= maxBytes);
        }

        void take(int groupBytes) {
            groups++;
            bytes += groupBytes;
        }

        void remove(int groupBytes) {
            groups--;
            bytes -= groupBytes;
        }
    }

    /** The memory that the objects of a group take in addition to its bytes. */
    private static final int BYTES_PER_GROUP = 128;

    /** The assumed rate of an unknown target, in bytes per second; the first answers of a fast target correct it. */
    private static final double FIRST_RATE = 50_000;

    private static final double FIRST_SECONDS = 1;

    /** The time constant of the average, in seconds of activity. */
    private static final double MEMORY_SECONDS = 10;

    /** The minimum limit, however slow the target is: enough for an efficient request. */
    private static final long LEAST = 64 << 10;

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long maxBytes;
    private final double drainSeconds;
    private final @Nullable Budget budget;

    private long groups;
    private long bytes;

    /**
     * The bytes that left, and below the time that this took; both decay, so that their quotient follows the current
     * rate.
     */
    private double left = FIRST_RATE * FIRST_SECONDS;

    private double seconds = FIRST_SECONDS;
    private long measuredAt;

    /**
     * Creates a buffer.
     *
     * @param maxBytes the maximum number of bytes
     * @param drain the time that a drain may take
     */
    public InFlightBuffer(long maxBytes, Duration drain) {
        this(maxBytes, drain, null);
    }

    /** Creates the buffer of one target, which takes its share of a budget. */
    public InFlightBuffer(Budget budget, Duration drain) {
        this(budget.share(), drain, budget);
    }

    private InFlightBuffer(long maxBytes, Duration drain, @Nullable Budget budget) {
        this.maxBytes = maxBytes;
        this.drainSeconds = drain.toNanos() / SECOND;
        this.budget = budget;
    }

    /** The number of groups in the buffer. */
    public long groups() {
        return groups;
    }

    /** The number of bytes in the buffer. */
    public long bytes() {
        return bytes;
    }

    /** Whether the buffer accepts a group now. An empty buffer always does, if its budget has room. */
    public boolean fits(int groupBytes, long now) {
        long taken = bytes + groups * BYTES_PER_GROUP;
        long more = (long) groupBytes + BYTES_PER_GROUP;
        long limit = limit(now);
        return (taken == 0 || taken + more <= limit)
                && (budget == null || budget.fits(taken, more, limit >= Budget.REQUEST));
    }

    /** The current limit in bytes. */
    public long limit(long now) {
        double fade = fade(now);
        double rate = left * fade / (seconds * fade + busySeconds(now));
        return Math.min(maxBytes, Math.max(LEAST, (long) (rate * drainSeconds)));
    }

    /** Adds a group. */
    public void take(int groupBytes, long now) {
        if (groups == 0) {
            measuredAt = now;
        }
        groups++;
        bytes += groupBytes;
        if (budget != null) {
            budget.take(groupBytes);
        }
    }

    /** Removes a group that was acknowledged, or settled otherwise. */
    public void leave(int groupBytes, long now) {
        double fade = fade(now);
        left = left * fade + groupBytes + BYTES_PER_GROUP;
        seconds = seconds * fade + busySeconds(now);
        measuredAt = now;
        remove(groupBytes);
    }

    /** Removes a group that others replace. */
    public void remove(int groupBytes) {
        groups--;
        bytes -= groupBytes;
        if (budget != null) {
            budget.remove(groupBytes);
        }
    }

    private double busySeconds(long now) {
        return groups == 0 ? 0 : (now - measuredAt) / SECOND;
    }

    private double fade(long now) {
        return Math.exp(-busySeconds(now) / MEMORY_SECONDS);
    }
}
