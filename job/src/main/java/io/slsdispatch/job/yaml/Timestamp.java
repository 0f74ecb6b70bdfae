package io.slsdispatch.job.yaml;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A point in time as written in a configuration: ISO-8601 with or without a zone, also with a space for the {@code T}
 * and without leading zeros ({@code 2018-12-26 0:0:0}); a date alone, which means its midnight; or unix seconds.
 *
 * @param local date and time
 * @param offset from UTC; null when the text has none; the configured time zone then applies
 */
public record Timestamp(LocalDateTime local, @Nullable ZoneOffset offset) {

    private static final Pattern UNIX_SECONDS = Pattern.compile("\\d+");
    private static final Pattern DATE_AND_TIME = Pattern.compile("(\\d{4})-(\\d{1,2})-(\\d{1,2})"
            + "(?:(?:[Tt]|\\s+)(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2}))?\\s*(?<zone>[Zz]|[+-]\\d{1,2}(?::?\\d{2})?)?)?");

    /** September 2001: a smaller number is a year or a mistyped number, not a time at which the service existed. */
    private static final long MIN_UNIX_SECONDS = 1_000_000_000L;

    /** The year 2200: a larger number is in milliseconds or a finer unit. */
    private static final long MAX_UNIX_SECONDS = 7_258_118_400L;

    /** Whether a text may be meant as a time. */
    public static boolean looksLikeTime(String text) {
        return !text.isEmpty() && Character.isDigit(text.charAt(0));
    }

    /**
     * Parses a time.
     *
     * @throws IllegalArgumentException when the text is not a time; the message says why
     */
    public static Timestamp parse(String text) {
        if (UNIX_SECONDS.matcher(text).matches()) {
            return ofUnixSeconds(text);
        }
        Matcher matcher = DATE_AND_TIME.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is neither of the form 2018-12-26T00:00:00Z (or +08:00, or no zone) nor unix seconds");
        }
        try {
            LocalDateTime local = LocalDateTime.of(
                    number(matcher.group(1)),
                    number(matcher.group(2)),
                    number(matcher.group(3)),
                    number(matcher.group(4)),
                    number(matcher.group(5)),
                    number(matcher.group(6)));
            return new Timestamp(local, offset(matcher.group("zone")));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Timestamp ofUnixSeconds(String text) {
        long seconds = text.length() > 18 ? Long.MAX_VALUE : Long.parseLong(text);
        if (seconds > MAX_UNIX_SECONDS) {
            throw new IllegalArgumentException(
                    text + " looks like milliseconds or finer, not unix seconds: remove the last digits");
        }
        if (seconds < MIN_UNIX_SECONDS) {
            throw new IllegalArgumentException(
                    text + " as unix seconds is long before the service existed: " + Instant.ofEpochSecond(seconds));
        }
        return new Timestamp(LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC), ZoneOffset.UTC);
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static @Nullable ZoneOffset offset(@Nullable String zone) {
        if (zone == null) {
            return null;
        }
        if (zone.equalsIgnoreCase("z")) {
            return ZoneOffset.UTC;
        }
        String digits = zone.substring(1).replace(":", "");
        int hours = digits.length() > 2 ? Integer.parseInt(digits.substring(0, digits.length() - 2)) : number(digits);
        int minutes = digits.length() > 2 ? Integer.parseInt(digits.substring(digits.length() - 2)) : 0;
        int sign = zone.charAt(0) == '-' ? -1 : 1;
        return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
    }

    /** The time in ISO-8601, without a zone when the text has none. */
    @Override
    public String toString() {
        return local + (offset == null ? "" : offset.toString());
    }

    /** The instant; the zone applies when the text has none. */
    public Instant at(ZoneId zone) {
        return local.atZone(offset == null ? zone : offset).toInstant();
    }
}
