package io.slsdispatch.job.config;

import io.slsdispatch.job.config.ConfigNode.Items;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One name or a list of names, each once.
 *
 * @param expectation what is expected, to follow the word "expected"
 * @param hint what to do when one is named twice
 */
record NamesType(String expectation, String hint) implements ValueType<List<String>> {

    /** Where log groups go. */
    static final NamesType TARGETS = new NamesType(
            "the name of a target, a list of such names, or 'drop'", "Name it once: a copy goes to each target once.");

    /** Error codes of the service. */
    static final NamesType ERROR_CODES =
            new NamesType("an error code of the service, or a list of them", "Name it once.");

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
                reading.mistakes().add(item.place(), name, "Named twice.", hint);
            } else {
                names.add(name);
            }
        }
        return right ? names : null;
    }
}
