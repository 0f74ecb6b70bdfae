package io.slsdispatch.connector.config;

import java.time.Duration;
import org.apache.flink.annotation.Internal;

/** Durations in messages. */
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
}
