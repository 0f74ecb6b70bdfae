package io.slsdispatch.job.config;

import io.slsdispatch.job.rules.RuleOptions;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.ConfigNode;
import io.slsdispatch.job.yaml.ConfigNode.Invalid;
import io.slsdispatch.job.yaml.ConfigNode.Mapping;
import io.slsdispatch.job.yaml.ConfigNode.Scalar;
import io.slsdispatch.job.yaml.ConfigNode.Sequence;
import io.slsdispatch.job.yaml.SourceLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Converter of the environment variables of the well-known Python script into the same tree that a file gives. The
 * script sends the topics {@code nginx}, {@code sql_audit} and {@code click} to {@code SLS_LOGSTORE_TO1} to {@code 3}
 * and ignores the rest; {@code SLS_TOPIC_TO<n>} names other topics, for any number of targets.
 */
final class PythonScriptVariables {

    private static final List<String> TOPICS_OF_SCRIPT = List.of("nginx", "sql_audit", "click");
    private static final Pattern NUMBERED = Pattern.compile("SLS_(?<what>LOGSTORE|TOPIC)_TO(?<number>.*)");
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,8}");

    private final Map<String, String> environment;
    private final ConfigErrors errors;
    private final Map<Integer, String> logstores = new TreeMap<>();
    private final Map<Integer, String> topics = new TreeMap<>();

    private PythonScriptVariables(Map<String, String> environment, ConfigErrors errors) {
        this.environment = environment;
        this.errors = errors;
    }

    static ConfigNode read(Map<String, String> environment, ConfigErrors errors) {
        return new PythonScriptVariables(environment, errors).read();
    }

    private ConfigNode read() {
        sortNumbered();
        SourceLocation top = new SourceLocation("", "environment variables");
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        entries.put("source", source(top));
        Map<String, ConfigNode> defaults = new LinkedHashMap<>();
        optional(defaults, "defaults.endpoint", "SLS_ENDPOINT_TO");
        optional(defaults, "defaults.project", "SLS_PROJECT_TO");
        entries.put("defaults", new Mapping(top.child("defaults", "environment variables"), defaults));
        entries.put("targets", targets());
        entries.put("routes", routes());
        entries.put("default-route", new Scalar(top.child("default-route", "environment variables"), RuleOptions.DROP));
        return new Mapping(top, entries);
    }

    private ConfigNode source(SourceLocation top) {
        Map<String, ConfigNode> source = new LinkedHashMap<>();
        required(source, "source.endpoint", "SLS_ENDPOINT");
        required(source, "source.project", "SLS_PROJECT");
        required(source, "source.logstore", "SLS_LOGSTORE");
        optional(source, "source.consumer-group", "SLS_CG");
        optional(source, "source.start", "SLS_START");
        if (!source.containsKey("start") && source.containsKey("consumer-group")) {
            source.put("start", new Scalar(new SourceLocation("source.start", "SLS_CG"), "group"));
            // The script creates a group that does not exist, and reads everything.
            source.put("start-fallback", new Scalar(new SourceLocation("source.start-fallback", "SLS_CG"), "begin"));
        }
        SourceLocation location = top.child("source", "environment variables");
        SourceLocation credentials = location.child("credentials", "environment variables");
        source.put(
                "credentials",
                new Mapping(
                        credentials,
                        Map.of(
                                "access-key-id",
                                new Scalar(credentials.child("access-key-id", "SLS_AK_ID"), "${SLS_AK_ID}"),
                                "access-key-secret",
                                new Scalar(credentials.child("access-key-secret", "SLS_AK_KEY"), "${SLS_AK_KEY}"))));
        return new Mapping(location, source);
    }

    private void sortNumbered() {
        for (String variable : new TreeMap<>(environment).keySet()) {
            Matcher matcher = NUMBERED.matcher(variable);
            if (!matcher.matches() || value(variable) == null) {
                continue;
            }
            boolean isTopic = matcher.group("what").equals("TOPIC");
            String number = matcher.group("number");
            if (NUMBER.matcher(number).matches()) {
                (isTopic ? topics : logstores).put(Integer.valueOf(number), variable);
            } else {
                errors.add(
                        new SourceLocation("", variable),
                        "Unknown variable.",
                        "Number the targets from 1: SLS_LOGSTORE_TO1, SLS_TOPIC_TO1 and so on.");
            }
        }
        topics.forEach((number, variable) -> {
            if (!logstores.containsKey(number)) {
                errors.add(
                        new SourceLocation("", variable),
                        value(variable),
                        "This topic has no target.",
                        "Set SLS_LOGSTORE_TO" + number + " to the logstore that receives it.");
            }
        });
        if (logstores.isEmpty()) {
            errors.add(
                    new SourceLocation("", "SLS_LOGSTORE_TO1"),
                    "Not set: no target is configured.",
                    "Set it to a logstore, or pass a configuration file with --config FILE.");
        }
    }

    /** Several topics may go to one logstore, as in the script; the logstore becomes one target. */
    private ConfigNode targets() {
        SourceLocation location = new SourceLocation("targets", "environment variables");
        Set<String> known = new LinkedHashSet<>();
        List<ConfigNode> items = new ArrayList<>();
        for (String variable : logstores.values()) {
            String logstore = valueOrEmpty(variable);
            if (known.add(logstore)) {
                SourceLocation item = location.item(items.size(), variable);
                items.add(new Mapping(item, target(item, variable, logstore)));
            }
        }
        return items.isEmpty() ? new Invalid(location) : new Sequence(location, items);
    }

    private Map<String, ConfigNode> target(SourceLocation item, String variable, String logstore) {
        Map<String, ConfigNode> target = new LinkedHashMap<>();
        target.put("logstore", text(item.child("logstore", variable), logstore));
        optional(target, item.path() + ".distinct-logstore", "SLS_DISTINCT_LOGSTORE_TO");
        return target;
    }

    private ConfigNode routes() {
        SourceLocation location = new SourceLocation("routes", "environment variables");
        List<ConfigNode> items = new ArrayList<>();
        logstores.forEach((number, variable) -> {
            String topicVariable = "SLS_TOPIC_TO" + number;
            SourceLocation item = location.item(items.size(), topicVariable);
            String topic = value(topicVariable);
            if (topic == null && number <= TOPICS_OF_SCRIPT.size()) {
                topic = TOPICS_OF_SCRIPT.get(number - 1);
            }
            if (topic == null) {
                errors.add(
                        new SourceLocation("", topicVariable),
                        "Not set, although " + variable + " is.",
                        "Set it to the topic for this logstore.");
                return;
            }
            items.add(new Mapping(
                    item,
                    Map.of(
                            "topic", text(item.child("topic", topicVariable), topic),
                            "to", text(item.child("to", variable), valueOrEmpty(variable)))));
        });
        return items.isEmpty() ? new Invalid(location) : new Sequence(location, items);
    }

    private void required(Map<String, ConfigNode> section, String path, String variable) {
        SourceLocation location = new SourceLocation(path, variable);
        String value = value(variable);
        if (value == null) {
            errors.add(location, "Not set.", "Set it, or pass a configuration file with --config FILE.");
        }
        section.put(lastKey(path), value == null ? new Invalid(location) : text(location, value));
    }

    private void optional(Map<String, ConfigNode> section, String path, String variable) {
        String value = value(variable);
        if (value != null) {
            section.put(lastKey(path), text(new SourceLocation(path, variable), value));
        }
    }

    private static String lastKey(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** A literal text: no character in it has a special meaning. */
    private static Scalar text(SourceLocation location, String value) {
        return new Scalar(location, value.replace("${", "$${"));
    }

    private String valueOrEmpty(String variable) {
        String value = value(variable);
        return value == null ? "" : value;
    }

    private @Nullable String value(String variable) {
        String value = environment.get(variable);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
