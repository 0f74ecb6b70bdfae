package io.slsdispatch.job.yaml;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The scalar types: booleans, strings, choices, integers, and numbers with a unit (durations and sizes). */
public final class ScalarTypes {

    /** The blanks between a unit and the next number. */
    private static final Pattern BETWEEN_PARTS = Pattern.compile("(?<=[a-zA-Z])\\s+(?=\\d)");

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,18})\\s*([a-z]*)");

    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?(0|[1-9][0-9]*)");
    private static final Pattern LEADING_ZERO = Pattern.compile("[+-]?0[0-9]+");

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

    /** A number and a unit; a duration may have several, such as 1 h 30 min, as messages print measured ones. */
    private static final String DURATION_PART = "\\d{1,18}\\s*([mM][sS]|[sS]|[sS][eE][cC]|[mM]|[mM][iI][nN]|[hH]|[dD])";

    private static final Map<String, Object> TIME_SCHEMA =
            JsonSchemas.matching(DURATION_PART + "(\\s+" + DURATION_PART + ")*");

    private static final Map<String, Object> SIZE_SCHEMA =
            JsonSchemas.matching("\\d{1,18}\\s*([bB]|[kKmMgG]([iI]?[bB])?)");

    /** True or false. */
    public static final ScalarType<Boolean> BOOLEAN = ofChoice(Map.of("true", true, "false", false));

    /** Any non-empty string. */
    public static final ScalarType<String> TEXT = ofName("a string", text -> !text.isEmpty());

    /** A duration greater than zero. */
    public static final ScalarType<Duration> DURATION =
            new ScalarType<>("a duration with a unit (ms, s, min, h, d), such as 10 s or 5 min", TIME_SCHEMA, text -> {
                Duration duration = duration(text);
                if (duration.isZero()) {
                    throw new IllegalArgumentException("it must be longer than 0");
                }
                return duration;
            });

    /** A duration of zero or more. */
    public static final ScalarType<Duration> DURATION_OR_ZERO = new ScalarType<>(
            "a duration with a unit (ms, s, min, h, d), such as 10 s, 5 min or 0 s",
            TIME_SCHEMA,
            ScalarTypes::duration);

    /** A number of bytes greater than zero. Units are powers of 1024, as in Flink. */
    public static final ScalarType<Long> SIZE =
            new ScalarType<>("a size with a unit (B, KiB, MiB, GiB), such as 64MiB", SIZE_SCHEMA, text -> {
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

    private ScalarTypes() {}

    /** One of the constants of an enum, written in lower case with hyphens. */
    public static <E extends Enum<E>> ScalarType<E> ofEnum(Class<E> type) {
        return ofChoice(Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(ScalarTypes::written, Function.identity())));
    }

    /** The constant of an enum as written in the file. */
    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <T> ScalarType<T> ofChoice(Map<String, T> choices) {
        List<String> names = choices.keySet().stream().sorted().toList();
        return new ScalarType<>(String.join(" or ", names), JsonSchemas.oneOf(names), text -> {
            T choice = choices.get(text);
            if (choice == null) {
                throw new IllegalArgumentException();
            }
            return choice;
        });
    }

    /** An integer of at least {@code min}. */
    public static ScalarType<Integer> ofInteger(int min) {
        return ofInteger(min, Integer.MAX_VALUE);
    }

    /** An integer from {@code min} to {@code max}. */
    public static ScalarType<Integer> ofInteger(int min, int max) {
        String range = max == Integer.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max;
        return new ScalarType<>("a whole number " + range, JsonSchemas.integer(min, max), text -> {
            if (!WHOLE_NUMBER.matcher(text).matches()) {
                throw new IllegalArgumentException(
                        LEADING_ZERO.matcher(text).matches()
                                ? "other readers of YAML take a number with a leading zero for an octal one"
                                : null);
            }
            int value = Integer.parseInt(text);
            if (value < min || value > max) {
                throw new IllegalArgumentException();
            }
            return value;
        });
    }

    /** A string that matches a pattern as a whole. The pattern uses the syntax that Java and JSON schema share. */
    public static ScalarType<String> ofPattern(String expectation, String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return new ScalarType<>(expectation, JsonSchemas.name(pattern), text -> {
            if (!compiled.matcher(text).matches()) {
                throw new IllegalArgumentException();
            }
            return text;
        });
    }

    /** A string that meets a condition. */
    public static ScalarType<String> ofName(String expectation, Predicate<String> condition) {
        return new ScalarType<>(expectation, text -> {
            if (!condition.test(text)) {
                throw new IllegalArgumentException();
            }
            return text;
        });
    }

    private static Duration duration(String text) {
        Duration sum = Duration.ZERO;
        for (String part : BETWEEN_PARTS.split(text)) {
            Matcher matcher = matcher(part);
            Duration unit = TIME_UNITS.get(matcher.group(2));
            if (unit == null) {
                throw new IllegalArgumentException(unitProblem(matcher.group(2)));
            }
            sum = sum.plusMillis(multiply(matcher.group(1), unit.toMillis()));
        }
        return sum;
    }

    private static Matcher matcher(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException();
        }
        return matcher;
    }

    private static String unitProblem(String unit) {
        return unit.isEmpty() ? "the unit is missing" : "the unit '" + unit + "' is unknown";
    }

    private static long multiply(String number, long unit) {
        try {
            return Math.multiplyExact(Long.parseLong(number), unit);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("it is too large", e);
        }
    }
}
