package io.slsdispatch.local.service;

import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Generates ids for {@code x-log-requestid}: 24 upper-case hexadecimal digits, as in the samples of the service's
 * documentation.
 */
final class RequestIds {

    private final String start =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()).toUpperCase(Locale.ROOT);
    private final AtomicLong count = new AtomicLong();

    String next() {
        return start + HexFormat.of().withUpperCase().toHexDigits(count.incrementAndGet());
    }
}
