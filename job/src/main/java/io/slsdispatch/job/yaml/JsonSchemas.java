package io.slsdispatch.job.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Factory for the parts of a JSON schema. Wherever a string is allowed, a string with variables is allowed, too. */
public final class JsonSchemas {

    private static final Map<String, Object> WITH_VARIABLE = text("\\$\\{");

    private JsonSchemas() {}

    /** Any string as YAML writes it; unquoted numbers and booleans are strings, too. */
    public static Map<String, Object> scalar() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", List.of("string", "number", "boolean"));
        schema.put("minLength", 1);
        return schema;
    }

    /** A string in which this pattern is found. */
    public static Map<String, Object> text(String pattern) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "string");
        schema.put("pattern", pattern);
        return schema;
    }

    /** One of these strings. */
    public static Map<String, Object> oneOf(List<String> texts) {
        List<Object> values = new ArrayList<>(texts);
        texts.stream()
                .filter(text -> text.equals("true") || text.equals("false"))
                .forEach(text -> values.add(Boolean.valueOf(text)));
        return anyOf(Map.of("enum", values), WITH_VARIABLE);
    }

    /** An integer in a range, or a string of digits. */
    public static Map<String, Object> integer(int min, int max) {
        Map<String, Object> number = new LinkedHashMap<>();
        number.put("type", "integer");
        number.put("minimum", min);
        if (max < Integer.MAX_VALUE) {
            number.put("maximum", max);
        }
        return anyOf(number, text("^\\s*[+-]?\\d+\\s*$"), WITH_VARIABLE);
    }

    /** A string that matches a pattern as a whole, ignoring spaces around it. */
    public static Map<String, Object> matching(String pattern) {
        return anyOf(text("^\\s*(" + pattern + ")\\s*$"), WITH_VARIABLE);
    }

    /** As {@link #matching}, for a string that YAML may parse as a number. */
    public static Map<String, Object> name(String pattern) {
        return anyOf(text("^\\s*(" + pattern + ")\\s*$"), Map.of("type", "number"), WITH_VARIABLE);
    }

    /** A list of at least one item. */
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

    /** A mapping with these keys and no others. */
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

    /** A value that one of these schemas describes. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array does not escape
    public static Map<String, Object> anyOf(Map<String, Object>... alternatives) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("anyOf", List.of(alternatives));
        return schema;
    }

    /** A reference to the definition with this name. */
    public static Map<String, Object> definition(String name) {
        return Map.of("$ref", "#/$defs/" + name);
    }
}
