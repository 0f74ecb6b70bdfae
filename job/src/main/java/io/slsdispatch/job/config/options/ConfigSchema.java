package io.slsdispatch.job.config.options;

import io.slsdispatch.job.rules.RuleOptions;
import io.slsdispatch.job.rules.TextMatchType;
import io.slsdispatch.job.yaml.JsonSchemas;
import io.slsdispatch.job.yaml.Option;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON schema (draft 2020-12) of a configuration file, for editors. It is generated from the options that the
 * reader uses. It refuses values with the wrong form. Only the reader finds values that do not fit together, such as a
 * rule with an unknown target.
 */
public final class ConfigSchema {

    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    private ConfigSchema() {}

    /** The schema as maps and lists. */
    public static Map<String, Object> root() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", DRAFT);
        schema.put("title", "sls-dispatch");
        schema.putAll(section(JobOptions.ALL, List.of("source", "targets")));
        schema.put(
                "oneOf",
                List.of(Map.of("required", List.of("routes", "default-route")), Map.of("required", List.of("rules"))));
        Map<String, Object> definitions = new LinkedHashMap<>();
        definitions.put("match", TextMatchType.definition());
        definitions.put("credentials", CredentialsType.definition());
        schema.put("$defs", definitions);
        return schema;
    }

    private static Map<String, Object> section(List<Option<?>> options, List<String> required) {
        Map<String, Object> schema = JsonSchemas.object(new LinkedHashMap<>(), required);
        for (Option<?> option : options) {
            Map<String, Object> at = schema;
            String[] keys = option.key().split("\\.");
            for (int i = 0; i < keys.length - 1; i++) {
                at = nested(at, keys[i]);
            }
            properties(at).put(keys[keys.length - 1], described(option));
        }
        return schema;
    }

    private static Map<String, Object> nested(Map<String, Object> schema, String key) {
        return map(
                properties(schema).computeIfAbsent(key, any -> JsonSchemas.object(new LinkedHashMap<>(), List.of())));
    }

    private static Map<String, Object> properties(Map<String, Object> schema) {
        Object properties = schema.get("properties");
        if (properties == null) {
            throw new IllegalStateException("not a group of keys: " + schema);
        }
        return map(properties);
    }

    @SuppressWarnings("unchecked") // every nested value here comes from JsonSchemas.object
    private static Map<String, Object> map(Object made) {
        return (Map<String, Object>) made;
    }

    private static Map<String, Object> described(Option<?> option) {
        Map<String, Object> schema = new LinkedHashMap<>();
        boolean byItself = option.defaultValue() != null;
        schema.put(
                "description",
                option.description() + " "
                        + (byItself ? "Default: " + option.defaultText() : "Without it: " + option.defaultText())
                        + ".");
        schema.putAll(form(option));
        return schema;
    }

    private static Map<String, Object> form(Option<?> option) {
        if (option.equals(JobOptions.SOURCE)) {
            return section(SourceOptions.ALL, List.of("endpoint", "project", "logstore", "credentials"));
        }
        if (option.equals(JobOptions.DEFAULTS)) {
            return section(TargetOptions.DEFAULTS, List.of());
        }
        if (option.equals(JobOptions.TARGETS)) {
            return JsonSchemas.list(section(TargetOptions.ALL_WITH_TEMPLATES, List.of("logstore")), false);
        }
        if (option.equals(RuleOptions.ROUTES)) {
            return JsonSchemas.list(section(RuleOptions.RULE, List.of("to")), false);
        }
        return option.type().schema();
    }
}
