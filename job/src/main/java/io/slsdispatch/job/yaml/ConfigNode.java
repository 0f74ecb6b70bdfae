package io.slsdispatch.job.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A node of the configuration tree as written, before an option gives it a meaning. */
public sealed interface ConfigNode {

    SourceLocation location();

    /**
     * A string, number or boolean: the option decides which. Variables in it are not replaced yet.
     *
     * @param isBlock whether it is written in a block style, which usually adds a line end
     */
    record Scalar(SourceLocation location, String raw, boolean isBlock) implements ConfigNode {

        /** A value that is not written in a block style. */
        public Scalar(SourceLocation location, String raw) {
            this(location, raw, false);
        }
    }

    /** A list. */
    record Sequence(SourceLocation location, List<ConfigNode> items) implements ConfigNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** A mapping of keys to values, in the order of the file. */
    record Mapping(SourceLocation location, Map<String, ConfigNode> entries) implements ConfigNode {
        public Mapping {
            entries = new LinkedHashMap<>(entries);
        }
    }

    /** A key without a value. */
    record Empty(SourceLocation location) implements ConfigNode {}

    /** A part that is missing or cannot be read; the error is collected already. */
    record Invalid(SourceLocation location) implements ConfigNode {}

    /** The kind of this node, for messages. */
    default String kind() {
        if (this instanceof Sequence) {
            return "a list";
        }
        if (this instanceof Mapping) {
            return "a mapping";
        }
        return this instanceof Empty ? "nothing" : "a value";
    }
}
