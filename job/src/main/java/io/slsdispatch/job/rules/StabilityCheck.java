package io.slsdispatch.job.rules;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a text for whole only when it is stable. A prefix of rules is often valid, with a rule less: its topics would be dropped. So a
 * text counts when two readings, far enough apart, gave the same bytes and nothing about them moved between, or when it
 * ends with YAML's end mark, a line of three dots. One thread at a time.
 */
final class StabilityCheck {

    private static final int SHORTEST_MARK = 3;

    /**
     * What one reading gave.
     *
     * @param stamp what changes when the text is written, such as size and time of a file
     */
    record Reading(byte[] bytes, Object stamp) {

        /** Far above what people write. */
        static final int MAX_BYTES = 1 << 20;

        static final String TOO_LONG = "it is longer than " + MAX_BYTES + " bytes";

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
     * @param apart from the end of one reading to the begin of the next that confirms it
     * @param nanoTime as {@link System#nanoTime}
     */
    StabilityCheck(Duration apart, LongSupplier nanoTime) {
        this.apart = apart;
        this.nanoTime = nanoTime;
    }

    /**
     * Takes a reading that has just ended.
     *
     * @param begun when it began
     * @return the text, when it is whole; null when another reading must confirm it
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
