package io.slsdispatch.local.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The switches of a running server: which assumptions do not hold, and what the service answers instead. Safe for use by
 * several threads.
 */
public final class Assumptions {

    private volatile Map<Assumption, String> others = Map.of();

    /** An error that the service answers. */
    public record Refused(int status, String code) {

        /** The code and status in an answer such as {@code QuotaExceed 403}; empty for any other text. */
        public static Optional<Refused> of(String answer) {
            int space = answer.lastIndexOf(' ');
            boolean isCode = space > 0
                    && answer.substring(0, space).matches("[A-Za-z.]+")
                    && answer.substring(space + 1).matches("[45]\\d\\d");
            return isCode
                    ? Optional.of(
                            new Refused(Integer.parseInt(answer.substring(space + 1)), answer.substring(0, space)))
                    : Optional.empty();
        }
    }

    /** The answers of a new set of switches, in place of all earlier ones. */
    public void set(Map<Assumption, String> answers) {
        others = answers.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(answers));
    }

    /** Parses {@code NAME} or {@code NAME=ANSWER}. */
    public static Map.Entry<Assumption, String> parse(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        Assumption assumption = Assumption.named(name)
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is none of the assumptions: "
                        + Arrays.stream(Assumption.values()).map(Assumption::id).collect(Collectors.joining(", "))));
        return Map.entry(assumption, equals < 0 ? assumption.otherAnswer() : text.substring(equals + 1));
    }

    /** Whether all assumptions hold. */
    public boolean allHold() {
        return others.isEmpty();
    }

    /** Whether an assumption does not hold. */
    public boolean differs(Assumption assumption) {
        return others.containsKey(assumption);
    }

    /** The answer instead of the assumed one; empty when the assumption holds. */
    public Optional<String> other(Assumption assumption) {
        return Optional.ofNullable(others.get(assumption));
    }

    /** The error instead of the assumed answer; empty when the assumption holds, or the other answer is no error. */
    public Optional<Refused> refused(Assumption assumption) {
        return other(assumption).flatMap(Refused::of);
    }

    /** The first number in the answer instead of the assumed one. */
    public long number(Assumption assumption, long otherwise) {
        String digits = other(assumption).orElse("").replaceAll("^\\D*", "").replaceAll("\\D.*$", "");
        return digits.isEmpty() || digits.length() > 18 ? otherwise : Long.parseLong(digits);
    }

    /** How far the clock of the service is ahead. */
    public Duration ahead() {
        if (!differs(Assumption.CLOCK)) {
            return Duration.ZERO;
        }
        Duration ahead = Duration.ofMinutes(number(Assumption.CLOCK, 20));
        return other(Assumption.CLOCK).orElse("").contains("behind") ? ahead.negated() : ahead;
    }

    /** How late puts are written, after they were acknowledged. */
    public Duration lateness() {
        return differs(Assumption.LATE_WRITES) ? Duration.ofSeconds(number(Assumption.LATE_WRITES, 60)) : Duration.ZERO;
    }
}
