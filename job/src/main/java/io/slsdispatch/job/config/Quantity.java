package io.slsdispatch.job.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with a unit: lengths of time and sizes. */
final class Quantity {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,18})\\s*([a-z]*)");

    private static final Map<String, Duration> TIME_UNITS = Map.ofEntries(
            Map.entry("ms", Duration.ofMillis(1)),
            Map.entry("s", Duration.ofSeconds(1)),
            Map.entry("sec", Duration.ofSeconds(1)),
            Map.entry("m", Duration.ofMinutes(1)),
            Map.entry("min", Duration.ofMinutes(1)),
            Map.entry("h", Duration.ofHours(1)),
            Map.entry("d", Duration.ofDays(1)));

    private static final Map<String, Long> SIZE_UNITS = Map.ofEntries(
            Map.entry("b", 1L),
            Map.entry("k", 1L << 10),
            Map.entry("kb", 1L << 10),
            Map.entry("kib", 1L << 10),
            Map.entry("m", 1L << 20),
            Map.entry("mb", 1L << 20),
            Map.entry("mib", 1L << 20),
            Map.entry("g", 1L << 30),
            Map.entry("gb", 1L << 30),
            Map.entry("gib", 1L << 30));

    private static final Map<String, Object> TIME_SCHEMA =
            Schemas.matching("\\d{1,18}\\s*([mM][sS]|[sS]|[sS][eE][cC]|[mM]|[mM][iI][nN]|[hH]|[dD])");

    private static final Map<String, Object> SIZE_SCHEMA = Schemas.matching("\\d{1,18}\\s*([bB]|[kKmMgG]([iI]?[bB])?)");

    /** A length of time above zero. */
    static final TextValue<Duration> DURATION = new TextValue<>(
            "a length of time with its unit (ms, s, min, h, d), such as 10s or 5 min", TIME_SCHEMA, text -> {
                Duration duration = duration(text);
                if (duration.isZero()) {
                    throw new IllegalArgumentException("it must be longer than 0");
                }
                return duration;
            });

    /** A length of time, or none at all. */
    static final TextValue<Duration> DURATION_OR_ZERO = new TextValue<>(
            "a length of time with its unit (ms, s, min, h, d), such as 10s, 5 min or 0s",
            TIME_SCHEMA,
            Quantity::duration);

    /** A number of bytes above zero. Units are powers of 1024, as in Flink. */
    static final TextValue<Long> SIZE =
            new TextValue<>("a size with its unit (B, KiB, MiB, GiB), such as 64MiB", SIZE_SCHEMA, text -> {
                Matcher matcher = matcher(text);
                Long unit = SIZE_UNITS.get(matcher.group(2));
                if (unit == null) {
                    throw new IllegalArgumentException(unitProblem(matcher.group(2)));
                }
                long size = multiply(matcher.group(1), unit);
                if (size == 0) {
                    throw new IllegalArgumentException("it must be larger than 0");
                }
                return size;
            });

    private Quantity() {}

    private static Duration duration(String text) {
        Matcher matcher = matcher(text);
        Duration unit = TIME_UNITS.get(matcher.group(2));
        if (unit == null) {
            throw new IllegalArgumentException(unitProblem(matcher.group(2)));
        }
        return Duration.ofMillis(multiply(matcher.group(1), unit.toMillis()));
    }

    private static Matcher matcher(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException();
        }
        return matcher;
    }

    private static String unitProblem(String unit) {
        return unit.isEmpty() ? "the unit is missing" : "the unit '" + unit + "' is not known";
    }

    private static long multiply(String number, long unit) {
        try {
            return Math.multiplyExact(Long.parseLong(number), unit);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("it is too large", e);
        }
    }
}
