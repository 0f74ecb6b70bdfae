package io.slsdispatch.connector.config;

import java.time.Duration;

/** Checks that several records share. */
final class Checks {

    private Checks() {}

    static void positive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + " " + duration + " is not positive");
        }
    }
}
