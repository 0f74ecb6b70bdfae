package io.slsdispatch.connector.config;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * Validation that several records share. Each check throws an IllegalArgumentException that names the value and the
 * expected values.
 */
final class Checks {

    /** The valid names of consumer groups. */
    private static final Pattern CONSUMER_GROUP = Pattern.compile("[0-9A-Za-z_-]{1,128}");

    /** Milliseconds that are passed as seconds give a year far beyond this one. */
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private Checks() {}

    static void atLeastAMillisecond(String what, Duration duration) {
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException(
                    what + " " + Durations.text(duration) + " is shorter than a millisecond");
        }
    }

    static void positive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + " " + Durations.text(duration) + " is not positive");
        }
    }

    static void consumerGroup(String name) {
        if (!CONSUMER_GROUP.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "consumer group '" + name + "' is not valid: expected 1 to 128 of A-Z, a-z, 0-9, '-' and '_'");
        }
    }

    /** Truncates a time to the second, which is the precision of the service's times. */
    static Instant second(String what, Instant moment) {
        if (moment.isBefore(Instant.EPOCH) || moment.isAfter(LATEST)) {
            throw new IllegalArgumentException(what + " " + moment
                    + " is not between 1970 and 2200: expected unix seconds, not milliseconds, or an ISO-8601 time");
        }
        return moment.truncatedTo(ChronoUnit.SECONDS);
    }
}
