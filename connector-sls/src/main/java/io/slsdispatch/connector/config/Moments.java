package io.slsdispatch.connector.config;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Tells moments from numbers in the wrong unit. */
final class Moments {

    /** Milliseconds taken for seconds give a year far beyond this one. */
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private Moments() {}

    /** The second that a moment lies in, which is as fine as the service tells times. */
    static Instant second(String what, Instant moment) {
        if (moment.isBefore(Instant.EPOCH) || moment.isAfter(LATEST)) {
            throw new IllegalArgumentException(what + " " + moment
                    + " is not between 1970 and 2200: expected unix seconds, not milliseconds, or an ISO-8601 time");
        }
        return moment.truncatedTo(ChronoUnit.SECONDS);
    }
}
