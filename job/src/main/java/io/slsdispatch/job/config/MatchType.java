package io.slsdispatch.job.config;

import io.slsdispatch.job.config.ConfigNode.Items;
import io.slsdispatch.job.config.ConfigNode.Table;
import io.slsdispatch.job.config.ConfigNode.Text;
import io.slsdispatch.job.rules.TextMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a rule asks of a text: the text itself, a group with {@code prefix}, {@code glob} or {@code regex}, or a list. */
final class MatchType implements ValueType<TextMatch> {

    private static final Map<String, Function<String, TextMatch>> WAYS = new LinkedHashMap<>();

    static {
        WAYS.put("exactly", TextMatch::exactly);
        WAYS.put("prefix", TextMatch::prefix);
        WAYS.put("glob", TextMatch::glob);
        WAYS.put("regex", TextMatch::regex);
    }

    @Override
    public String expectation() {
        return "a text that must be equal, or one of 'prefix: TEXT', 'glob: PATTERN', 'regex: EXPRESSION', or a list of these";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.definition("match");
    }

    /** What {@link #schema} refers to. */
    static Map<String, Object> definition() {
        Map<String, Object> text = Schemas.anyOf(Map.of("type", List.of("string", "number", "boolean")));
        Map<String, Object> ways = new LinkedHashMap<>();
        WAYS.keySet().forEach(way -> ways.put(way, Schemas.anyOf(text, Schemas.list(text, false))));
        Map<String, Object> group = Schemas.object(ways, List.of());
        group.put("minProperties", 1);
        return Schemas.anyOf(text, group, Schemas.list(Schemas.definition("match"), false));
    }

    @Override
    public @Nullable TextMatch read(ConfigNode node, Reading reading) {
        return whole(alternatives(node, reading), node, reading);
    }

    private @Nullable TextMatch whole(@Nullable List<TextMatch> alternatives, ConfigNode node, Reading reading) {
        if (alternatives != null && alternatives.isEmpty()) {
            reading.mistakes().add(node.place(), "Nothing is asked for; expected " + expectation() + ".", "");
            return null;
        }
        return alternatives == null ? null : TextMatch.anyOf(alternatives);
    }

    /** What a node asks for; null when something in it is wrong. */
    private @Nullable List<TextMatch> alternatives(ConfigNode node, Reading reading) {
        if (node instanceof Items list) {
            return all(list.items(), item -> alternatives(item, reading));
        }
        if (node instanceof Table table) {
            return all(List.copyOf(table.entries().entrySet()), entry -> way(entry, reading));
        }
        return texts("a text", TextMatch::exactly, node, reading);
    }

    private @Nullable List<TextMatch> way(Map.Entry<String, ConfigNode> entry, Reading reading) {
        Function<String, TextMatch> way = WAYS.get(entry.getKey());
        ConfigNode node = entry.getValue();
        if (way == null) {
            String cure = Suggestion.instead(entry.getKey(), WAYS.keySet());
            reading.mistakes().add(node.place(), "Unknown key.", cure);
            return null;
        }
        List<ConfigNode> texts = node instanceof Items list ? list.items() : List.of(node);
        return all(texts, text -> texts("a text for '" + entry.getKey() + "'", way, text, reading));
    }

    private static @Nullable List<TextMatch> texts(
            String expectation, Function<String, TextMatch> way, ConfigNode node, Reading reading) {
        if (!(node instanceof Text text)) {
            reading.mistakes()
                    .add(
                            node.place(),
                            "Here stands " + node.kind() + "; expected " + expectation + ".",
                            "The empty text is written ''.");
            return null;
        }
        Variables.Expanded expanded = reading.variables().expand(text, reading.mistakes());
        if (expanded == null) {
            return null;
        }
        if (reading.budget().isSpent()) {
            // Told already, and nothing more is compiled.
            return null;
        }
        try {
            TextMatch match = way.apply(expanded.value());
            return reading.budget().take(match.size(), node.place(), reading.mistakes()) ? List.of(match) : null;
        } catch (IllegalArgumentException e) {
            reading.mistakes()
                    .add(node.place(), expanded.shown(), "This cannot be matched: " + e.getMessage() + ".", "");
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
}
