package io.slsdispatch.job.yaml;

import io.slsdispatch.job.yaml.ConfigNode.Empty;
import io.slsdispatch.job.yaml.ConfigNode.Invalid;
import io.slsdispatch.job.yaml.ConfigNode.Mapping;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reader of a section: reads a mapping of keys by the options that the section allows. Nested mappings are flattened:
 * {@code proxy.host}.
 */
public final class SectionReader {

    private final Map<String, Option<?>> options = new TreeMap<>();
    private final ReadContext context;

    private SectionReader(Collection<Option<?>> options, ReadContext context) {
        options.forEach(option -> this.options.put(option.key(), option));
        this.context = context;
    }

    /** The values of a section; empty, with an error, when it is not a mapping. */
    public static SectionValues read(ConfigNode node, Collection<Option<?>> options, ReadContext context) {
        SectionValues values = SectionValues.at(node.location());
        new SectionReader(options, context).read(node, "", values);
        return values;
    }

    private void read(ConfigNode node, String prefix, SectionValues values) {
        if (node instanceof Empty || node instanceof Invalid) {
            return;
        }
        if (!(node instanceof Mapping table)) {
            context.errors()
                    .add(
                            node.location(),
                            "Expected a mapping, found " + node.kind() + ".",
                            "Its keys: " + String.join(", ", options.keySet()) + ".");
            return;
        }
        table.entries().forEach((key, value) -> {
            String fullKey = prefix + key;
            Option<?> option = options.get(fullKey);
            if (option != null) {
                refuseSecond(option, value.location(), values);
                readOption(option, value, values);
            } else if (options.keySet().stream().anyMatch(known -> known.startsWith(fullKey + "."))) {
                read(value, fullKey + ".", values);
            } else {
                refuse(fullKey, value.location());
            }
        });
    }

    /** A nested key can be written in two ways: as {@code proxy.host}, and as {@code host} below {@code proxy}. */
    private void refuseSecond(Option<?> option, SourceLocation location, SectionValues values) {
        if (values.has(option)) {
            context.errors()
                    .add(
                            location,
                            "Duplicate key; it is first defined at "
                                    + values.locationOf(option).where() + ".",
                            "Remove one of them.");
        }
    }

    private <T> void readOption(Option<T> option, ConfigNode value, SectionValues values) {
        if (value instanceof Invalid) {
            values.put(option, null, value.location());
        } else if (value instanceof Empty) {
            context.errors()
                    .add(
                            value.location(),
                            "No value; expected " + option.type().expectation() + ".",
                            "Set a value, or remove the key: the default is " + option.defaultText() + ".");
            values.put(option, null, value.location());
        } else {
            values.put(option, option.type().read(value, context), value.location());
        }
    }

    private void refuse(String key, SourceLocation location) {
        context.errors().add(location, "Unknown key.", Suggestion.instead(key, options.keySet()));
    }
}
