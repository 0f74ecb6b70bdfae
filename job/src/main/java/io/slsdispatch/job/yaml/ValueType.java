package io.slsdispatch.job.yaml;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the value of an option is written.
 *
 * @param <T> what it becomes
 */
public interface ValueType<T> {

    /** What is expected, to follow the word "expected". */
    String expectation();

    /** What is allowed, as a JSON schema: never less than what {@link #read} takes. */
    Map<String, Object> schema();

    /** Reads a value; null, with an error, when it is wrong. */
    @Nullable
    T read(ConfigNode node, ReadContext context);

    /** A part of the configuration that has options of its own and is read by them later. */
    static ValueType<ConfigNode> ofNode(String expectation) {
        return new Unread(expectation);
    }

    /** Keeps the node as it is. */
    record Unread(String expectation) implements ValueType<ConfigNode> {

        /** Anything: whoever reads it later knows more. */
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
