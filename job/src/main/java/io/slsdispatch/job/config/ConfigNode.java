package io.slsdispatch.job.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What stands at one place of a configuration, before anything is made of it. */
sealed interface ConfigNode {

    Place place();

    /** A text, a number, a truth value: what it is depends on the option. Variables in it are not replaced yet. */
    record Text(Place place, String raw) implements ConfigNode {}

    /** A list. */
    record Items(Place place, List<ConfigNode> items) implements ConfigNode {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** Keys and what stands at them, in the order of the file. */
    record Table(Place place, Map<String, ConfigNode> entries) implements ConfigNode {
        public Table {
            entries = new LinkedHashMap<>(entries);
        }
    }

    /** A key with nothing after it. */
    record Nothing(Place place) implements ConfigNode {}

    /** Something that is missing or cannot be read, which is among the mistakes already. */
    record Told(Place place) implements ConfigNode {}

    /** What this is, for messages. */
    default String kind() {
        if (this instanceof Items) {
            return "a list";
        }
        if (this instanceof Table) {
            return "a group of keys";
        }
        return this instanceof Nothing ? "nothing" : "a value";
    }
}
