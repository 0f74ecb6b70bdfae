package io.slsdispatch.job.config;

import io.slsdispatch.job.config.ConfigNode.Table;
import io.slsdispatch.job.rules.TextMatch;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For each key of a tag what is asked of its value. */
final class TagsType implements ValueType<Map<String, TextMatch>> {

    private static final MatchType VALUE = new MatchType();

    @Override
    public String expectation() {
        return "a group of tag keys, each with " + VALUE.expectation();
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("minProperties", 1);
        schema.put("additionalProperties", VALUE.schema());
        return schema;
    }

    @Override
    public @Nullable Map<String, TextMatch> read(ConfigNode node, Reading reading) {
        if (!(node instanceof Table table) || table.entries().isEmpty()) {
            reading.mistakes().add(node.place(), "Expected " + expectation() + ".", "");
            return null;
        }
        Map<String, TextMatch> conditions = new LinkedHashMap<>();
        table.entries().forEach((key, value) -> {
            TextMatch condition = VALUE.read(value, reading);
            int keySize = TextMatch.exactly(key).size();
            if (condition != null && reading.budget().take(keySize, value.place(), reading.mistakes())) {
                conditions.put(key, condition);
            }
        });
        return conditions.size() == table.entries().size() ? conditions : null;
    }
}
