package io.slsdispatch.job.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of the configuration that has options of its own and is read by them later. */
record NodeType(String expectation) implements ValueType<ConfigNode> {

    /** Anything: who reads it later knows more. */
    @Override
    public Map<String, Object> schema() {
        return Map.of();
    }

    @Override
    public @Nullable ConfigNode read(ConfigNode node, Reading reading) {
        return node;
    }
}
