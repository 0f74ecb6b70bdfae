package io.slsdispatch.job.rules;

import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.ConfigNode;
import io.slsdispatch.job.yaml.ConfigNode.Mapping;
import io.slsdispatch.job.yaml.ConfigNode.Scalar;
import io.slsdispatch.job.yaml.ConfigNode.Sequence;
import io.slsdispatch.job.yaml.JsonSchemas;
import io.slsdispatch.job.yaml.ReadContext;
import io.slsdispatch.job.yaml.SourceLocation;
import io.slsdispatch.job.yaml.Suggestion;
import io.slsdispatch.job.yaml.ValueType;
import io.slsdispatch.job.yaml.Variables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Type of an option that is a {@link TextMatch}: the text itself, a mapping with {@code prefix}, {@code glob} or
 * {@code regex}, or a list.
 */
public final class TextMatchType implements ValueType<TextMatch> {

    private static final Map<String, Function<String, TextMatch>> WAYS = new LinkedHashMap<>();

    static {
        WAYS.put("exactly", TextMatch::exactly);
        WAYS.put("prefix", TextMatch::prefix);
        WAYS.put("glob", TextMatch::glob);
        WAYS.put("regex", TextMatch::regex);
    }

    @Override
    public String expectation() {
        return "a string that must be equal, or one of 'prefix: STRING', 'glob: PATTERN', 'regex: EXPRESSION', or a list of these";
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchemas.definition("match");
    }

    /** The definition that {@link #schema} refers to. */
    public static Map<String, Object> definition() {
        Map<String, Object> text = JsonSchemas.anyOf(Map.of("type", List.of("string", "number", "boolean")));
        Map<String, Object> ways = new LinkedHashMap<>();
        WAYS.keySet().forEach(way -> ways.put(way, JsonSchemas.anyOf(text, JsonSchemas.list(text, false))));
        Map<String, Object> group = JsonSchemas.object(ways, List.of());
        group.put("minProperties", 1);
        return JsonSchemas.anyOf(text, group, JsonSchemas.list(JsonSchemas.definition("match"), false));
    }

    @Override
    public @Nullable TextMatch read(ConfigNode node, ReadContext context) {
        return whole(alternatives(node, context), node, context);
    }

    private @Nullable TextMatch whole(@Nullable List<TextMatch> alternatives, ConfigNode node, ReadContext context) {
        if (alternatives != null && alternatives.isEmpty()) {
            context.errors().add(node.location(), "The condition is empty; expected " + expectation() + ".", "");
            return null;
        }
        return alternatives == null ? null : TextMatch.anyOf(alternatives);
    }

    /** The alternatives of a node; null when something in it is invalid. */
    private @Nullable List<TextMatch> alternatives(ConfigNode node, ReadContext context) {
        if (node instanceof Sequence list) {
            return all(list.items(), item -> alternatives(item, context));
        }
        if (node instanceof Mapping table) {
            return all(List.copyOf(table.entries().entrySet()), entry -> way(entry, context));
        }
        return texts("a string", TextMatch::exactly, node, context);
    }

    private @Nullable List<TextMatch> way(Map.Entry<String, ConfigNode> entry, ReadContext context) {
        Function<String, TextMatch> way = WAYS.get(entry.getKey());
        ConfigNode node = entry.getValue();
        if (way == null) {
            String hint = Suggestion.instead(entry.getKey(), WAYS.keySet());
            context.errors().add(node.location(), "Unknown key.", hint);
            return null;
        }
        List<ConfigNode> texts = node instanceof Sequence list ? list.items() : List.of(node);
        return all(texts, text -> texts("a string for '" + entry.getKey() + "'", way, text, context));
    }

    private static @Nullable List<TextMatch> texts(
            String expectation, Function<String, TextMatch> way, ConfigNode node, ReadContext context) {
        if (!(node instanceof Scalar text)) {
            context.errors()
                    .add(
                            node.location(),
                            "Expected " + expectation + ", found " + node.kind() + ".",
                            "Write '' for the empty string.");
            return null;
        }
        Variables.Expanded expanded = context.variables().expand(text, context.errors());
        if (expanded == null) {
            return null;
        }
        if (text.isBlock() && expanded.value().endsWith("\n")) {
            context.errors()
                    .add(
                            node.location(),
                            "The value ends with a line end, which the block styles '|' and '>' add.",
                            "Write it on one line, or use '|-' or '>-'. A condition that needs the line end is written in"
                                    + " double quotes, with \\n.");
            return null;
        }
        if (Budget.of(context).isSpent()) {
            // The error is reported already, and nothing more is compiled.
            return null;
        }
        try {
            TextMatch match = way.apply(expanded.value());
            return Budget.of(context).take(match.size(), node.location(), context.errors()) ? List.of(match) : null;
        } catch (IllegalArgumentException e) {
            String problem = expanded.hasSecret()
                    ? "Invalid condition." + expanded.reason(null)
                    : "Invalid condition: " + e.getMessage() + ".";
            context.errors().add(node.location(), expanded.shown(), problem, "");
            return null;
        }
    }

    private static <T> @Nullable List<TextMatch> all(
            List<T> parts, Function<T, @Nullable List<TextMatch>> alternativesOf) {
        List<TextMatch> all = new ArrayList<>();
        boolean right = true;
        for (T part : parts) {
            List<TextMatch> alternatives = alternativesOf.apply(part);
            if (alternatives == null) {
                right = false;
            } else {
                all.addAll(alternatives);
            }
        }
        return right ? all : null;
    }

    /** Type of the conditions on tags: for each tag key, the condition on its value. */
    static final class Tags implements ValueType<Map<String, TextMatch>> {

        private static final TextMatchType VALUE = new TextMatchType();

        @Override
        public String expectation() {
            return "a mapping of tag keys, each with " + VALUE.expectation();
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
                if (condition != null && Budget.of(context).take(keySize, value.location(), context.errors())) {
                    conditions.put(key, condition);
                }
            });
            return conditions.size() == table.entries().size() ? conditions : null;
        }
    }

    /**
     * The limit on the total size of all conditions of a rule set. Each condition has its own limits, but a file of 1
     * MB can hold tens of thousands of conditions of maximum size, and anchors repeat them.
     */
    private static final class Budget {

        /** Far above any real rule set: 10,000 expressions of 50 characters. An element takes about 60 bytes. */
        static final int MAX_ELEMENTS = 500_000;

        private long taken;

        /** The budget of the rules that are being read. */
        static Budget of(ReadContext context) {
            return context.shared(Budget.class, Budget::new);
        }

        /**
         * Takes this number of elements for the condition at a location. When fewer are left, it adds an error at the
         * location.
         */
        boolean take(int elements, SourceLocation location, ConfigErrors errors) {
            taken += elements;
            if (isSpent()) {
                errors.add(
                        location,
                        "The conditions of the rules up to this one have more than " + MAX_ELEMENTS
                                + " elements, with the repetitions of expressions expanded.",
                        "Use smaller repetitions or fewer conditions.");
            }
            return !isSpent();
        }

        /** Whether the budget was exceeded; the error is collected already. */
        boolean isSpent() {
            return taken > MAX_ELEMENTS;
        }
    }
}
