package io.slsdispatch.e2e.dispatch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a reporter exports, in Prometheus's text format, taken apart. */
final class ExportedMetrics {

    private static final Pattern SAMPLE = Pattern.compile("(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(?<labels>.*)})? .*");
    private static final Pattern LABEL = Pattern.compile("(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>[^\"]*)\"");

    private final Map<String, Set<String>> labelsByName = new TreeMap<>();
    private final Set<String> labelValues = new TreeSet<>();

    ExportedMetrics(String text) {
        text.lines().filter(line -> !line.startsWith("#")).forEach(this::add);
    }

    private void add(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new IllegalArgumentException("not a sample: " + line);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        if (sample.group("labels") != null) {
            Matcher label = LABEL.matcher(sample.group("labels"));
            while (label.find()) {
                labels.put(label.group("name"), label.group("value"));
            }
        }
        labelsByName
                .computeIfAbsent(sample.group("name"), name -> new TreeSet<>())
                .addAll(labels.keySet());
        labelValues.addAll(labels.values());
    }

    Set<String> names() {
        return labelsByName.keySet();
    }

    /** The names of the labels that a metric has; none when there is no such metric. */
    Set<String> labelsOf(String name) {
        return labelsByName.getOrDefault(name, Set.of());
    }

    /** The values of all labels of all metrics. */
    Set<String> labelValues() {
        return labelValues;
    }
}
