package io.slsdispatch.job.rules;

import io.slsdispatch.job.yaml.ConfigNode;
import io.slsdispatch.job.yaml.ConfigNode.Mapping;
import io.slsdispatch.job.yaml.ReadContext;
import io.slsdispatch.job.yaml.ValueType;
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
    public @Nullable Map<String, TextMatch> read(ConfigNode node, ReadContext context) {
        if (!(node instanceof Mapping table) || table.entries().isEmpty()) {
            context.errors().add(node.location(), "Expected " + expectation() + ".", "");
            return null;
        }
        Map<String, TextMatch> conditions = new LinkedHashMap<>();
        table.entries().forEach((key, value) -> {
            TextMatch condition = VALUE.read(value, context);
            int keySize = TextMatch.exactly(key).size();
            if (condition != null && RulesBudget.of(context).take(keySize, value.location(), context.errors())) {
                conditions.put(key, condition);
            }
        });
        return conditions.size() == table.entries().size() ? conditions : null;
    }
}
