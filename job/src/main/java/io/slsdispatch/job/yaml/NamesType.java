package io.slsdispatch.job.yaml;

import io.slsdispatch.job.yaml.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Type of an option that is one name or a list of distinct names.
 *
 * @param expectation what is expected, to follow the word "expected"
 * @param hint what to do when a name occurs twice
 */
public record NamesType(String expectation, String hint) implements ValueType<List<String>> {

    @Override
    public Map<String, Object> schema() {
        return JsonSchemas.anyOf(JsonSchemas.scalar(), JsonSchemas.list(JsonSchemas.scalar(), true));
    }

    @Override
    public @Nullable List<String> read(ConfigNode node, ReadContext context) {
        List<ConfigNode> items = node instanceof Sequence list ? list.items() : List.of(node);
        if (items.isEmpty()) {
            context.errors().add(node.location(), "The list is empty; expected " + expectation() + ".", "");
            return null;
        }
        List<String> names = new ArrayList<>();
        boolean right = true;
        for (ConfigNode item : items) {
            String name = ScalarTypes.TEXT.read(item, context);
            if (name == null) {
                right = false;
            } else if (names.contains(name)) {
                right = false;
                context.errors().add(item.location(), name, "Duplicate name.", hint);
            } else {
                names.add(name);
            }
        }
        return right ? names : null;
    }
}
