package io.slsdispatch.connector.config;

import java.time.Instant;

/** Tells moments from numbers in the wrong unit. */
final class Moments {

    /** Milliseconds taken for seconds give a year far beyond this one. */
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private Moments() {}

    static void check(String what, Instant moment) {
        if (moment.isBefore(Instant.EPOCH) || moment.isAfter(LATEST)) {
            throw new IllegalArgumentException(what + " " + moment
                    + " is not between 1970 and 2200: expected unix seconds, not milliseconds, or an ISO-8601 time");
        }
    }
}
