package io.slsdispatch.job.config;

import org.jspecify.annotations.Nullable;

/** A part of the configuration that has options of its own and is read by them later. */
record NodeType(String expectation) implements ValueType<ConfigNode> {

    @Override
    public @Nullable ConfigNode read(ConfigNode node, Reading reading) {
        return node;
    }
}
