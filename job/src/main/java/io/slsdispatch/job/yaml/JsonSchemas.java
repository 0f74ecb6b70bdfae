package io.slsdispatch.job.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pieces of a JSON schema. Where a text is allowed, a text with variables is, too. */
public final class JsonSchemas {

    private static final Map<String, Object> WITH_VARIABLE = text("\\$\\{");

    private JsonSchemas() {}

    /** Any text, as YAML writes it: numbers and truth values without quotes are texts, too. */
    public static Map<String, Object> scalar() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", List.of("string", "number", "boolean"));
        schema.put("minLength", 1);
        return schema;
    }

    /** A text in which this pattern is found. */
    public static Map<String, Object> text(String pattern) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "string");
        schema.put("pattern", pattern);
        return schema;
    }

    /** One of these texts. */
    public static Map<String, Object> oneOf(List<String> texts) {
        List<Object> values = new ArrayList<>(texts);
        texts.stream()
                .filter(text -> text.equals("true") || text.equals("false"))
                .forEach(text -> values.add(Boolean.valueOf(text)));
        return anyOf(Map.of("enum", values), WITH_VARIABLE);
    }

    /** A whole number of a range, or a text of digits. */
    public static Map<String, Object> integer(int min, int max) {
        Map<String, Object> number = new LinkedHashMap<>();
        number.put("type", "integer");
        number.put("minimum", min);
        if (max < Integer.MAX_VALUE) {
            number.put("maximum", max);
        }
        return anyOf(number, text("^\\s*[+-]?\\d+\\s*$"), WITH_VARIABLE);
    }

    /** A text that matches a pattern as a whole, spaces around it aside. */
    public static Map<String, Object> matching(String pattern) {
        return anyOf(text("^\\s*(" + pattern + ")\\s*$"), WITH_VARIABLE);
    }

    /** The same where YAML may take the text for a number. */
    public static Map<String, Object> name(String pattern) {
        return anyOf(text("^\\s*(" + pattern + ")\\s*$"), Map.of("type", "number"), WITH_VARIABLE);
    }

    /** A list of at least one. */
    public static Map<String, Object> list(Map<String, Object> item, boolean unique) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "array");
        schema.put("minItems", 1);
        if (unique) {
            schema.put("uniqueItems", true);
        }
        schema.put("items", item);
        return schema;
    }

    /** A group of these keys and no others. */
    public static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    /** What one of these describes. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array goes no further
    public static Map<String, Object> anyOf(Map<String, Object>... alternatives) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("anyOf", List.of(alternatives));
        return schema;
    }

    /** What is described once under this name. */
    public static Map<String, Object> definition(String name) {
        return Map.of("$ref", "#/$defs/" + name);
    }
}
