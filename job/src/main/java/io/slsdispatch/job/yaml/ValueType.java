package io.slsdispatch.job.yaml;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Type of an option's value: how it is written, and how it is read.
 *
 * @param <T> Java type of the value
 */
public interface ValueType<T> {

    /** The expected value, to follow the word "expected". */
    String expectation();

    /** The allowed values as a JSON schema, which allows at least what {@link #read} accepts. */
    Map<String, Object> schema();

    /** Reads a value; null, with an error, when it is invalid. */
    @Nullable
    T read(ConfigNode node, ReadContext context);

    /** A part of the configuration that has options of its own and is read by them later. */
    static ValueType<ConfigNode> ofNode(String expectation) {
        return new Unread(expectation);
    }

    /** Keeps the node as it is. */
    record Unread(String expectation) implements ValueType<ConfigNode> {

        /** Any value: the code that reads it later checks it. */
        @Override
        public Map<String, Object> schema() {
            return Map.of();
        }

        @Override
        public ConfigNode read(ConfigNode node, ReadContext context) {
            return node;
        }
    }
}
