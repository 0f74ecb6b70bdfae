package io.slsdispatch.job.config;

import io.slsdispatch.job.config.ConfigNode.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One name or a list of names, each once. */
final class NamesType implements ValueType<List<String>> {

    @Override
    public String expectation() {
        return "the name of a target, a list of such names, or 'drop'";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.anyOf(Schemas.scalar(), Schemas.list(Schemas.scalar(), true));
    }

    @Override
    public @Nullable List<String> read(ConfigNode node, Reading reading) {
        List<ConfigNode> items = node instanceof Items list ? list.items() : List.of(node);
        if (items.isEmpty()) {
            reading.mistakes().add(node.place(), "The list is empty; expected " + expectation() + ".", "");
            return null;
        }
        List<String> names = new ArrayList<>();
        boolean right = true;
        for (ConfigNode item : items) {
            String name = TextValue.TEXT.read(item, reading);
            if (name == null) {
                right = false;
            } else if (names.contains(name)) {
                right = false;
                reading.mistakes()
                        .add(item.place(), name, "Named twice.", "Name it once: a copy goes to each target once.");
            } else {
                names.add(name);
            }
        }
        return right ? names : null;
    }
}
