package io.slsdispatch.connector.config;

import java.time.Duration;
import org.apache.flink.annotation.Internal;

/** Formats durations for messages. */
@Internal
public final class Durations {

    private Durations() {}

    /** The duration in its largest unit without a fraction, such as {@code 10 min}, {@code 90 s} or {@code 1500 ms}. */
    public static String text(Duration duration) {
        if (duration.toNanosPart() % 1_000_000 != 0) {
            return duration.toNanos() + " ns";
        }
        if (duration.toNanosPart() != 0) {
            return duration.toMillis() + " ms";
        }
        long seconds = duration.toSeconds();
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + " s";
        }
        return seconds % 3600 == 0 ? seconds / 3600 + " h" : seconds / 60 + " min";
    }

    /** A measured duration, rounded down to its two largest units, such as {@code 2 h 5 min} or {@code 1 min 1 s}. */
    public static String measured(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + " d " + duration.toHoursPart() + " h";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toMinutes() > 0
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : duration.toSeconds() + " s";
    }
}
