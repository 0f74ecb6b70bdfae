package io.slsdispatch.job.config;

import io.slsdispatch.job.config.ConfigNode.Items;
import io.slsdispatch.job.config.ConfigNode.Table;
import io.slsdispatch.job.config.ConfigNode.Text;
import io.slsdispatch.job.config.ConfigNode.Told;
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
 * Turns the environment variables of the well-known Python script into the tree that a file would give. The script sends
 * the topics {@code nginx}, {@code sql_audit} and {@code click} to {@code SLS_LOGSTORE_TO1} to {@code 3} and ignores the
 * rest; {@code SLS_TOPIC_TO<n>} names other topics, for any number of targets.
 */
final class ScriptVariables {

    private static final List<String> TOPICS_OF_SCRIPT = List.of("nginx", "sql_audit", "click");
    private static final Pattern NUMBERED = Pattern.compile("SLS_(?<what>LOGSTORE|TOPIC)_TO(?<number>.*)");
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,8}");

    private final Map<String, String> environment;
    private final Mistakes mistakes;
    private final Map<Integer, String> logstores = new TreeMap<>();
    private final Map<Integer, String> topics = new TreeMap<>();

    private ScriptVariables(Map<String, String> environment, Mistakes mistakes) {
        this.environment = environment;
        this.mistakes = mistakes;
    }

    static ConfigNode read(Map<String, String> environment, Mistakes mistakes) {
        return new ScriptVariables(environment, mistakes).read();
    }

    private ConfigNode read() {
        sortNumbered();
        Place top = new Place("", "environment variables");
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        entries.put("source", source(top));
        Map<String, ConfigNode> defaults = new LinkedHashMap<>();
        optional(defaults, "defaults.endpoint", "SLS_ENDPOINT_TO");
        optional(defaults, "defaults.project", "SLS_PROJECT_TO");
        entries.put("defaults", new Table(top.child("defaults", "environment variables"), defaults));
        entries.put("targets", targets());
        entries.put("routes", routes());
        entries.put("default-route", new Text(top.child("default-route", "environment variables"), JobOptions.DROP));
        return new Table(top, entries);
    }

    private ConfigNode source(Place top) {
        Map<String, ConfigNode> source = new LinkedHashMap<>();
        required(source, "source.endpoint", "SLS_ENDPOINT");
        required(source, "source.project", "SLS_PROJECT");
        required(source, "source.logstore", "SLS_LOGSTORE");
        optional(source, "source.consumer-group", "SLS_CG");
        optional(source, "source.start", "SLS_START");
        if (!source.containsKey("start") && source.containsKey("consumer-group")) {
            source.put("start", new Text(new Place("source.start", "SLS_CG"), "group"));
        }
        Place place = top.child("source", "environment variables");
        Place credentials = place.child("credentials", "environment variables");
        source.put(
                "credentials",
                new Table(
                        credentials,
                        Map.of(
                                "access-key-id",
                                new Text(credentials.child("access-key-id", "SLS_AK_ID"), "${SLS_AK_ID}"),
                                "access-key-secret",
                                new Text(credentials.child("access-key-secret", "SLS_AK_KEY"), "${SLS_AK_KEY}"))));
        return new Table(place, source);
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
                mistakes.add(
                        new Place("", variable),
                        "Unknown variable.",
                        "Number the targets from 1: SLS_LOGSTORE_TO1, SLS_TOPIC_TO1 and so on.");
            }
        }
        topics.forEach((number, variable) -> {
            if (!logstores.containsKey(number)) {
                mistakes.add(
                        new Place("", variable),
                        value(variable),
                        "A topic without a target.",
                        "Set SLS_LOGSTORE_TO" + number + " to the logstore that takes it.");
            }
        });
        if (logstores.isEmpty()) {
            mistakes.add(
                    new Place("", "SLS_LOGSTORE_TO1"),
                    "Not set: there is no target.",
                    "Set it to a logstore, or name a configuration file with --config FILE.");
        }
    }

    /** Several topics may go to one logstore, as in the script: it becomes one target. */
    private ConfigNode targets() {
        Place place = new Place("targets", "environment variables");
        Set<String> known = new LinkedHashSet<>();
        List<ConfigNode> items = new ArrayList<>();
        for (String variable : logstores.values()) {
            String logstore = valueOrEmpty(variable);
            if (known.add(logstore)) {
                Place item = place.item(items.size(), variable);
                items.add(new Table(item, target(item, variable, logstore)));
            }
        }
        return items.isEmpty() ? new Told(place) : new Items(place, items);
    }

    private Map<String, ConfigNode> target(Place item, String variable, String logstore) {
        Map<String, ConfigNode> target = new LinkedHashMap<>();
        target.put("logstore", text(item.child("logstore", variable), logstore));
        optional(target, item.path() + ".distinct-logstore", "SLS_DISTINCT_LOGSTORE_TO");
        return target;
    }

    private ConfigNode routes() {
        Place place = new Place("routes", "environment variables");
        List<ConfigNode> items = new ArrayList<>();
        logstores.forEach((number, variable) -> {
            String topicVariable = "SLS_TOPIC_TO" + number;
            Place item = place.item(items.size(), topicVariable);
            String topic = value(topicVariable);
            if (topic == null && number <= TOPICS_OF_SCRIPT.size()) {
                topic = TOPICS_OF_SCRIPT.get(number - 1);
            }
            if (topic == null) {
                mistakes.add(
                        new Place("", topicVariable),
                        "Not set, although " + variable + " is.",
                        "Set it to the topic that goes there.");
                return;
            }
            items.add(new Table(
                    item,
                    Map.of(
                            "topic", text(item.child("topic", topicVariable), topic),
                            "to", text(item.child("to", variable), valueOrEmpty(variable)))));
        });
        return items.isEmpty() ? new Told(place) : new Items(place, items);
    }

    private void required(Map<String, ConfigNode> section, String path, String variable) {
        Place place = new Place(path, variable);
        String value = value(variable);
        if (value == null) {
            mistakes.add(place, "Not set.", "Set it, or name a configuration file with --config FILE.");
        }
        section.put(lastKey(path), value == null ? new Told(place) : text(place, value));
    }

    private void optional(Map<String, ConfigNode> section, String path, String variable) {
        String value = value(variable);
        if (value != null) {
            section.put(lastKey(path), text(new Place(path, variable), value));
        }
    }

    private static String lastKey(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** A text that stands for itself, whatever characters are in it. */
    private static Text text(Place place, String value) {
        return new Text(place, value.replace("${", "$${"));
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
