package io.slsdispatch.local.signature;

import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Parses dates in headers. Use one instance per thread: it caches the last date, because many requests within a second
 * have the same.
 */
final class Dates {

    private static final DateTimeFormatter COMPACT = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);

    private String lastText = "";
    private Instant lastInstant = Instant.EPOCH;

    Instant rfc1123(String text) {
        if (!text.equals(lastText)) {
            try {
                lastInstant = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
            } catch (DateTimeException notADate) {
                throw invalid(text);
            }
            lastText = text;
        }
        return lastInstant;
    }

    /** {@code 20261122T224310Z}, as in {@code x-log-date} of signature version 4. */
    static Instant compact(String text) {
        try {
            return LocalDateTime.parse(text, COMPACT).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException notADate) {
            throw invalid(text);
        }
    }

    private static Refusal invalid(String text) {
        return new Refusal(ErrorCode.INVALID_DATE_FORMAT, "Date " + text + " is not of a valid format");
    }
}
