package io.slsdispatch.connector.put;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.annotation.Internal;

/**
 * The budget of bytes of one or more engines, and what they hold: no more than configured, and no more than goes out, at the
 * rate seen lately, in the time that a drain may take. A slow target so has less in flight, and a checkpoint passes in time
 * nevertheless. One thread.
 */
@Internal
public final class InFlightBuffer {

    /** What a group takes beside its bytes, for the objects that hold it. */
    private static final int BYTES_PER_GROUP = 128;

    /** What is assumed of a target of which nothing is known; a good one corrects it with its first answers. */
    private static final double FIRST_RATE = 50_000;

    private static final double FIRST_SECONDS = 1;

    /** How long the past counts: a time constant, in seconds of having something to do. */
    private static final double MEMORY_SECONDS = 10;

    /** However slow the target: enough for a request that is worth its while. */
    private static final long LEAST = 64 << 10;

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long maxBytes;
    private final double drainSeconds;

    private long groups;
    private long bytes;

    /** Bytes that left and the time that this took; both fade, so that their quotient follows the present. */
    private double left = FIRST_RATE * FIRST_SECONDS;

    private double seconds = FIRST_SECONDS;
    private long measuredAt;

    /**
     * @param maxBytes the most bytes
     * @param drain the time that a drain may take
     */
    public InFlightBuffer(long maxBytes, Duration drain) {
        this.maxBytes = maxBytes;
        this.drainSeconds = drain.toNanos() / SECOND;
    }

    /** How many groups are held. */
    public long groups() {
        return groups;
    }

    /** How many bytes they have. */
    public long bytes() {
        return bytes;
    }

    /** Whether a group may be taken now. One alone always may. */
    public boolean fits(int groupBytes, long now) {
        long taken = bytes + groups * BYTES_PER_GROUP;
        return taken == 0 || taken + groupBytes + BYTES_PER_GROUP <= limit(now);
    }

    /** How much may be held now, in bytes. */
    public long limit(long now) {
        double fade = fade(now);
        double rate = left * fade / (seconds * fade + busySeconds(now));
        return Math.min(maxBytes, Math.max(LEAST, (long) (rate * drainSeconds)));
    }

    /** A group has come. */
    public void take(int groupBytes, long now) {
        if (groups == 0) {
            measuredAt = now;
        }
        groups++;
        bytes += groupBytes;
    }

    /** A group has left: acknowledged, or settled otherwise. */
    public void leave(int groupBytes, long now) {
        double fade = fade(now);
        left = left * fade + groupBytes + BYTES_PER_GROUP;
        seconds = seconds * fade + busySeconds(now);
        measuredAt = now;
        remove(groupBytes);
    }

    /** A group is no longer there; others are in its place. */
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
