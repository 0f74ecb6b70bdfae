package io.slsdispatch.job.config;

import io.slsdispatch.job.config.ConfigNode.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A value that is one text.
 *
 * @param expectation what is expected, to follow the word "expected"
 * @param schema of the texts that the parser takes, and perhaps of some that it does not
 * @param parser throws {@link IllegalArgumentException} when the text is not as expected; its message, if it has one,
 *     says what is wrong in this case
 */
record TextValue<T>(String expectation, Map<String, Object> schema, Function<String, T> parser)
        implements ValueType<T> {

    /** A text whose schema says no more than that it is one. */
    TextValue(String expectation, Function<String, T> parser) {
        this(expectation, Schemas.scalar(), parser);
    }

    /** True or false. */
    static final TextValue<Boolean> BOOLEAN = ofChoice(Map.of("true", true, "false", false));

    /** Any text that is not empty. */
    static final TextValue<String> TEXT = ofName("a text", text -> !text.isEmpty());

    /** One of the constants of an enum, written in lower case with hyphens. */
    static <E extends Enum<E>> TextValue<E> ofEnum(Class<E> type) {
        return ofChoice(Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(TextValue::written, Function.identity())));
    }

    /** How an enum's constant is written. */
    static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <T> TextValue<T> ofChoice(Map<String, T> choices) {
        List<String> names = choices.keySet().stream().sorted().toList();
        return new TextValue<>(String.join(" or ", names), Schemas.oneOf(names), text -> {
            T choice = choices.get(text);
            if (choice == null) {
                throw new IllegalArgumentException();
            }
            return choice;
        });
    }

    /** A whole number of at least {@code min}. */
    static TextValue<Integer> ofInteger(int min) {
        return ofInteger(min, Integer.MAX_VALUE);
    }

    /** A whole number from {@code min} to {@code max}. */
    static TextValue<Integer> ofInteger(int min, int max) {
        String range = max == Integer.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max;
        return new TextValue<>("a whole number " + range, Schemas.integer(min, max), text -> {
            int value = Integer.parseInt(text);
            if (value < min || value > max) {
                throw new IllegalArgumentException();
            }
            return value;
        });
    }

    /** A text that matches a pattern as a whole, in the syntax that Java and JSON schema share. */
    static TextValue<String> ofPattern(String expectation, String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return new TextValue<>(expectation, Schemas.name(pattern), text -> {
            if (!compiled.matcher(text).matches()) {
                throw new IllegalArgumentException();
            }
            return text;
        });
    }

    /** A text that fulfils a condition. */
    static TextValue<String> ofName(String expectation, Predicate<String> condition) {
        return new TextValue<>(expectation, text -> {
            if (!condition.test(text)) {
                throw new IllegalArgumentException();
            }
            return text;
        });
    }

    /** What a text means, without variables. */
    T parse(String text) {
        return parser.apply(text.strip());
    }

    @Override
    public @Nullable T read(ConfigNode node, Reading reading) {
        if (!(node instanceof Text text)) {
            reading.mistakes().add(node.place(), "Here stands " + node.kind() + "; expected " + expectation + ".", "");
            return null;
        }
        Variables.Expanded expanded = reading.variables().expand(text, reading.mistakes());
        if (expanded == null) {
            return null;
        }
        try {
            return parse(expanded.value());
        } catch (IllegalArgumentException e) {
            reading.mistakes().add(node.place(), expanded.shown(), problem(e), "");
            return null;
        }
    }

    private String problem(IllegalArgumentException reason) {
        // The words of a NumberFormatException are about Java, not about the configuration.
        boolean says = reason.getMessage() != null && !(reason instanceof NumberFormatException);
        return "Expected " + expectation + "." + (says ? " In detail: " + reason.getMessage() + "." : "");
    }
}
