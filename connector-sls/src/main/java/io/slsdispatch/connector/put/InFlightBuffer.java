package io.slsdispatch.connector.put;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.annotation.Internal;

/**
 * The byte budget of one or more engines. It holds at most the configured bytes, and at most the bytes that the recent
 * rate can send within the drain time. So a slow target has fewer bytes in flight, and a checkpoint completes in time
 * nevertheless. One thread.
 */
@Internal
public final class InFlightBuffer {

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
        this.maxBytes = maxBytes;
        this.drainSeconds = drain.toNanos() / SECOND;
    }

    /** The number of groups in the buffer. */
    public long groups() {
        return groups;
    }

    /** The number of bytes in the buffer. */
    public long bytes() {
        return bytes;
    }

    /** Whether the buffer accepts a group now. An empty buffer always does. */
    public boolean fits(int groupBytes, long now) {
        long taken = bytes + groups * BYTES_PER_GROUP;
        return taken == 0 || taken + groupBytes + BYTES_PER_GROUP <= limit(now);
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
    }

    private double busySeconds(long now) {
        return groups == 0 ? 0 : (now - measuredAt) / SECOND;
    }

    private double fade(long now) {
        return Math.exp(-busySeconds(now) / MEMORY_SECONDS);
    }
}
