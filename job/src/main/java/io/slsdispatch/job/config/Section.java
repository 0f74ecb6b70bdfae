package io.slsdispatch.job.config;

import io.slsdispatch.job.config.ConfigNode.Nothing;
import io.slsdispatch.job.config.ConfigNode.Table;
import io.slsdispatch.job.config.ConfigNode.Told;
import io.slsdispatch.job.config.ValueType.Reading;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads a group of keys by the options that may stand in it. Nested groups are flattened: {@code proxy.host}. */
final class Section {

    private final Map<String, Option<?>> options = new TreeMap<>();
    private final Reading reading;

    private Section(Collection<Option<?>> options, Reading reading) {
        options.forEach(option -> this.options.put(option.key(), option));
        this.reading = reading;
    }

    /** What a section gives; empty, with a mistake, when it is no group of keys. */
    static Values read(ConfigNode node, Collection<Option<?>> options, Reading reading) {
        Values values = Values.at(node.place());
        new Section(options, reading).read(node, "", values);
        return values;
    }

    /** Notes a mistake for each of these options that is neither given nor inherited. */
    static void require(Values values, List<Option<?>> required, Mistakes mistakes) {
        for (Option<?> option : required) {
            if (!values.has(option)) {
                mistakes.add(
                        values.place().missing(option.key()),
                        "Missing: " + option.description(),
                        "Expected " + option.type().expectation() + ".");
            }
        }
    }

    private void read(ConfigNode node, String prefix, Values values) {
        if (node instanceof Nothing || node instanceof Told) {
            return;
        }
        if (!(node instanceof Table table)) {
            reading.mistakes()
                    .add(
                            node.place(),
                            "Here stands " + node.kind() + "; expected a group of keys.",
                            "Its keys are: " + String.join(", ", options.keySet()) + ".");
            return;
        }
        table.entries().forEach((key, value) -> {
            String fullKey = prefix + key;
            Option<?> option = options.get(fullKey);
            if (option != null) {
                readOption(option, value, values);
            } else if (options.keySet().stream().anyMatch(known -> known.startsWith(fullKey + "."))) {
                read(value, fullKey + ".", values);
            } else {
                refuse(fullKey, value.place());
            }
        });
    }

    private <T> void readOption(Option<T> option, ConfigNode value, Values values) {
        if (value instanceof Told) {
            values.put(option, null, value.place());
        } else if (value instanceof Nothing) {
            reading.mistakes()
                    .add(
                            value.place(),
                            "No value; expected " + option.type().expectation() + ".",
                            "Give one, or leave the key out: the default is " + option.defaultText() + ".");
            values.put(option, null, value.place());
        } else {
            values.put(option, option.type().read(value, reading), value.place());
        }
    }

    private void refuse(String key, Place place) {
        String cure = key.endsWith("<<")
                ? "YAML 1.2 has no merge keys. Write the keys here; what targets share may stand in 'defaults'."
                : Suggestion.instead(key, options.keySet());
        reading.mistakes().add(place, "Unknown key.", cure);
    }
}
