package io.slsdispatch.job.rules;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Check that accepts a text as complete only when it is stable. A prefix of rules is often valid, but lacks a rule,
 * whose topics would be dropped. So a text is accepted when two readings, far enough apart, returned the same bytes and
 * the same stamp, or when it ends with YAML's end mark, a line of three dots. Not thread-safe.
 */
final class StabilityCheck {

    private static final int SHORTEST_MARK = 3;

    /**
     * The result of one reading.
     *
     * @param stamp attributes that change when the text is written, such as size and time of a file
     */
    record Reading(byte[] bytes, Object stamp) {

        /** Far above any real rule set. */
        static final int MAX_BYTES = 1 << 20;

        static final String TOO_LONG = "the text is longer than " + MAX_BYTES + " bytes";

        boolean isSameAs(@Nullable Reading other) {
            return other != null && stamp.equals(other.stamp) && Arrays.equals(bytes, other.bytes);
        }
    }

    private final Duration apart;
    private final LongSupplier nanoTime;
    private @Nullable Reading candidate;
    private long candidateSince;
    private byte @Nullable [] believed;

    /**
     * @param apart minimum time from the end of one reading to the beginning of the reading that confirms it
     * @param nanoTime as {@link System#nanoTime}
     */
    StabilityCheck(Duration apart, LongSupplier nanoTime) {
        this.apart = apart;
        this.nanoTime = nanoTime;
    }

    /**
     * Checks a reading that has just ended.
     *
     * @param begun when it began
     * @return the text when it is complete; null when another reading must confirm it
     */
    byte @Nullable [] confirmed(Reading reading, long begun) {
        boolean isKnown = believed != null && Arrays.equals(believed, reading.bytes);
        boolean isConfirmed = reading.isSameAs(candidate) && begun - candidateSince >= apart.toNanos();
        if (isKnown || isConfirmed || hasEndMark(reading.bytes)) {
            believed = reading.bytes;
            candidate = null;
            return reading.bytes;
        }
        if (!reading.isSameAs(candidate)) {
            candidate = reading;
            candidateSince = nanoTime.getAsLong();
        }
        return null;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** Whether the last line is the mark that ends a YAML document. */
    static boolean hasEndMark(byte[] bytes) {
        int tail = Math.max(0, bytes.length - 256);
        String end = new String(bytes, tail, bytes.length - tail, StandardCharsets.UTF_8).stripTrailing();
        int line = Math.max(end.lastIndexOf('\n'), end.lastIndexOf('\r')) + 1;
        boolean isWholeLine = line > 0 || tail == 0;
        return isWholeLine && end.length() - line == SHORTEST_MARK && end.endsWith("...");
    }
}
