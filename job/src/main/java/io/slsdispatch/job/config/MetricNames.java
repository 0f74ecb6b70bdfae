package io.slsdispatch.job.config;

import io.slsdispatch.job.config.JobConfig.Destination;
import io.slsdispatch.job.rules.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names of a configuration that metrics cannot tell apart with Flink's default filter of label values. Rules are the
 * label {@code rule}. Targets are the labels {@code target} and, in the name of their writer, {@code operator_name};
 * this name is within the length that Flink keeps. The logstore of the source is a label, too, but a job has only one.
 */
public final class MetricNames {

    /** Flink's Prometheus reporter replaces these with an underscore ({@code AbstractPrometheusReporter}). */
    private static final Pattern REPLACED_BY_DEFAULT = Pattern.compile("[^a-zA-Z0-9:_]");

    private static final int MAX_LISTED = 5;

    private MetricNames() {}

    /** A warning for each set of names that the default filter merges; each says what to do. */
    public static List<String> collisions(JobConfig config) {
        List<String> warnings = new ArrayList<>();
        warnAbout("Rules", config.ruleTable().rules().stream().map(Rule::name).toList(), warnings);
        warnAbout(
                "Targets", config.destinations().stream().map(Destination::name).toList(), warnings);
        return warnings;
    }

    private static void warnAbout(String what, List<String> names, List<String> warnings) {
        Map<String, List<String>> byLabel = names.stream()
                .collect(Collectors.groupingBy(MetricNames::replaced, LinkedHashMap::new, Collectors.toList()));
        byLabel.forEach((label, merged) -> {
            if (merged.size() > 1) {
                warnings.add(what + " " + list(merged) + " have one name in metrics, '" + label
                        + "', if the Prometheus reporter replaces characters in label values, which is Flink's default:"
                        + " a series then has the value of only one of them. Set"
                        + " metrics.reporter.prom.filterLabelValueCharacters: false, as in conf/flink/config.yaml, or"
                        + " rename them.");
            }
        });
    }

    private static String replaced(String label) {
        return REPLACED_BY_DEFAULT.matcher(label).replaceAll("_");
    }

    private static String list(List<String> names) {
        String text =
                names.stream().limit(MAX_LISTED).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return names.size() <= MAX_LISTED ? text : text + " and " + (names.size() - MAX_LISTED) + " more";
    }
}
