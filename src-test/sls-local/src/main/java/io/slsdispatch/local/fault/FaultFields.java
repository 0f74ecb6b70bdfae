package io.slsdispatch.local.fault;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the fields of a JSON object one by one. Errors are collected, so that all can be reported at once; an invalid
 * field is read as some value of its type. {@link #finish} throws when a field was invalid or was not read.
 */
final class FaultFields {

    private final JsonNode json;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<String> problems = new ArrayList<>();

    FaultFields(JsonNode json) {
        this.json = json;
    }

    /** Adds an error. */
    void problem(String text) {
        problems.add(text);
    }

    boolean has(String name) {
        known.add(name);
        JsonNode value = json.get(name);
        return value != null && !value.isNull();
    }

    Optional<String> text(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode value = json.get(name);
        if (!value.isTextual() || value.asText().isEmpty()) {
            wrong(name, "a non-empty string");
            return Optional.of("?");
        }
        return Optional.of(value.asText());
    }

    /** An optional string, which may be empty. */
    Optional<String> anyText(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode value = json.get(name);
        if (!value.isTextual()) {
            wrong(name, "a string");
        }
        return Optional.of(value.asText());
    }

    String requiredText(String name) {
        return text(name).orElseGet(() -> {
            problem("field '" + name + "' is missing");
            return "?";
        });
    }

    OptionalLong number(String name, long least) {
        if (!has(name)) {
            return OptionalLong.empty();
        }
        JsonNode value = json.get(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least) {
            wrong(name, "an integer" + (least == Long.MIN_VALUE ? "" : " of at least " + least));
            return OptionalLong.of(Math.max(least, 1));
        }
        return OptionalLong.of(value.asLong());
    }

    long requiredNumber(String name, long least) {
        return number(name, least).orElseGet(() -> {
            problem("field '" + name + "' is missing");
            return Math.max(least, 1);
        });
    }

    OptionalInt smallNumber(String name, int least) {
        OptionalLong number = number(name, least);
        if (number.isPresent() && number.getAsLong() > Integer.MAX_VALUE) {
            wrong(name, "an integer from " + least + " to " + Integer.MAX_VALUE);
            return OptionalInt.of(least);
        }
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    Optional<Duration> millis(String name) {
        OptionalLong number = number(name, 0);
        return number.isPresent() ? Optional.of(Duration.ofMillis(number.getAsLong())) : Optional.empty();
    }

    double probability(String name) {
        if (!has(name)) {
            return 1;
        }
        JsonNode value = json.get(name);
        if (!value.isNumber() || !(value.asDouble() > 0 && value.asDouble() <= 1)) {
            wrong(name, "a number above 0 and at most 1");
            return 1;
        }
        return value.asDouble();
    }

    boolean flag(String name) {
        if (!has(name)) {
            return false;
        }
        if (!json.get(name).isBoolean()) {
            wrong(name, "true or false");
        }
        return json.get(name).asBoolean();
    }

    /** An optional boolean; absent is different from false. */
    Optional<Boolean> optionalFlag(String name) {
        return has(name) ? Optional.of(flag(name)) : Optional.empty();
    }

    <E extends Enum<E>> E choice(String name, Class<E> type, E otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        for (E one : type.getEnumConstants()) {
            if (text(one).equals(json.get(name).asText())) {
                return one;
            }
        }
        wrong(
                name,
                "one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(FaultFields::text)
                                .toList());
        return otherwise;
    }

    static String text(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    List<Integer> numbers(String name) {
        List<Integer> numbers = new ArrayList<>();
        if (has(name)) {
            JsonNode value = json.get(name);
            value.forEach(item -> numbers.add(item.isInt() ? item.asInt() : -1));
            if (!value.isArray() || numbers.contains(-1)) {
                wrong(name, "an array of shard ids");
            }
        }
        return numbers;
    }

    byte[] base64(String name) {
        String text = requiredText(name);
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            wrong(name, "base64");
            return new byte[0];
        }
    }

    private void wrong(String name, String expected) {
        problem("field '" + name + "' is " + json.get(name) + ", expected " + expected);
    }

    /**
     * Ends the reading and reports all errors.
     *
     * @throws IllegalArgumentException that lists all errors, including fields that were not read
     */
    void finish() {
        json.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problem("field '" + name + "' is unknown, expected one of " + String.join(", ", known));
            }
        });
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("invalid fault: " + String.join("; ", problems));
        }
    }
}
