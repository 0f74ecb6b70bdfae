package io.slsdispatch.connector.config;

import java.time.Duration;

/** Checks that several records share. */
final class Checks {

    private Checks() {}

    static void atLeastAMillisecond(String what, Duration duration) {
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException(what + " " + duration + " is shorter than a millisecond");
        }
    }

    static void positive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + " " + duration + " is not positive");
        }
    }
}
