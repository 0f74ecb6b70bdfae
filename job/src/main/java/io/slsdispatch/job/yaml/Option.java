package io.slsdispatch.job.yaml;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A configuration option. Its key, type, default and description are declared only here, for the reader, the
 * documentation and the tests. Two options are equal only when they are the same object.
 *
 * @param <T> type of its value
 */
public final class Option<T> {

    private final String key;
    private final ValueType<T> type;
    private final @Nullable T defaultValue;
    private final String defaultText;
    private final String description;

    private Option(String key, ValueType<T> type, @Nullable T defaultValue, String defaultText, String description) {
        this.key = key;
        this.type = type;
        this.defaultValue = defaultValue;
        this.defaultText = defaultText;
        this.description = description;
    }

    /**
     * An option without a default. Whether it is required depends on its section.
     *
     * @param absence what applies without it, for the documentation
     */
    public static <T> Option<T> of(String key, ValueType<T> type, String absence, String description) {
        return new Option<>(key, type, null, "(" + absence + ")", description);
    }

    /**
     * An option with a default.
     *
     * @param defaultText as it would be written in the file
     */
    public static <T> Option<T> withDefault(String key, ScalarType<T> type, String defaultText, String description) {
        return new Option<>(key, type, type.parse(defaultText), defaultText, description);
    }

    /** The options of both lists. */
    public static List<Option<?>> all(List<Option<?>> some, List<Option<?>> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** Key below its section; dots separate nested keys. */
    public String key() {
        return key;
    }

    public ValueType<T> type() {
        return type;
    }

    /** The default value; null when there is none. */
    @Nullable
    public T defaultValue() {
        return defaultValue;
    }

    /** The default as it would be written in the file, or in brackets what applies without a value. */
    public String defaultText() {
        return defaultText;
    }

    /** What it does, and what a higher and a lower value cost. */
    public String description() {
        return description;
    }

    @Override
    public String toString() {
        return key;
    }
}
