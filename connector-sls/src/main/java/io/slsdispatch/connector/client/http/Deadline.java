package io.slsdispatch.connector.client.http;

import io.slsdispatch.connector.config.Durations;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.annotation.Internal;

/**
 * The time at which all requests of one fetch must have ended.
 *
 * @param nanos the end, as {@link System#nanoTime}
 * @param limit time from the start of the fetch to the deadline, for messages
 */
@Internal
public record Deadline(long nanos, Duration limit) {

    /** The deadline that is this much later than now. */
    public static Deadline after(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos(), limit);
    }

    /** The earlier of this deadline and the one that is this much later than now. */
    public Deadline atMost(Duration most) {
        Deadline other = after(most);
        return other.nanos - nanos < 0 ? other : this;
    }

    /** The deadline for the next of several attempts, each of which gets an equal share of the time that is left. */
    public Deadline share(int attempts) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
        return attempts <= 1 ? this : after(Duration.ofMillis(Math.max(0, millis / attempts)));
    }

    /**
     * The milliseconds until the deadline; at least one.
     *
     * @throws SocketTimeoutException when it has passed
     */
    int millisLeft() throws SocketTimeoutException {
        long left = nanos - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("the response was not complete within " + Durations.text(limit));
        }
        return (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }
}
