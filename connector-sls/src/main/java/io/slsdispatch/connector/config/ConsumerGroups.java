package io.slsdispatch.connector.config;

import java.util.regex.Pattern;

/** The names that consumer groups may have. */
final class ConsumerGroups {

    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z_-]{1,128}");

    private ConsumerGroups() {}

    static void check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "consumer group '" + name + "' is not valid: expected 1 to 128 of A-Z, a-z, 0-9, '-' and '_'");
        }
    }
}
