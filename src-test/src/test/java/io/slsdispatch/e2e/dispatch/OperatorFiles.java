package io.slsdispatch.e2e.dispatch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The operators' files: alert rules, the dashboard, the runbook, and the tables of metrics. */
final class OperatorFiles {

    static final Path ALERTS =
            Path.of("../conf/prometheus/alerts.yml").toAbsolutePath().normalize();
    static final Path DASHBOARD = Path.of("../conf/grafana/dashboard.json");
    static final Path RUNBOOK = Path.of("../docs/runbook.md");
    private static final Path METRICS = Path.of("../docs/metrics.md");

    private static final Pattern EXPORTED_NAME = Pattern.compile("\\bflink_[a-zA-Z0-9_]+");
    private static final Pattern QUERIES = Pattern.compile("```promql\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern QUERY_IN_LINE = Pattern.compile("`([^`\\n]*\\bflink_[^`\\n]*)`");
    private static final Pattern INDENTED_FURTHER = Pattern.compile("\\n +(?=[-+*/] )");
    private static final Pattern THRESHOLD = Pattern.compile(" *[<>]=? *[0-9.]+$");
    private static final Pattern QUOTED = Pattern.compile("`([A-Za-z0-9]+)`");

    private OperatorFiles() {}

    /** The queries of the dashboard as Prometheus takes them, without Grafana's variables. */
    static List<String> dashboardQueries() throws IOException {
        List<String> queries = new ArrayList<>();
        for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(target.path("expr").asText().replace("$job", ".*").replace("$__rate_interval", "1m"));
            }
        }
        return queries;
    }

    /**
     * The queries of the runbook, in blocks and within lines. A comparison at the end is cut off, since what a healthy job
     * has is beyond it.
     */
    static List<String> runbookQueries() throws IOException {
        String runbook = Files.readString(RUNBOOK);
        Stream<String> inBlocks = QUERIES.matcher(runbook)
                .results()
                .flatMap(block ->
                        INDENTED_FURTHER.matcher(block.group(1)).replaceAll(" ").lines());
        Stream<String> inLines = QUERY_IN_LINE.matcher(runbook).results().map(result -> result.group(1));
        return Stream.concat(inBlocks, inLines)
                .map(String::strip)
                .filter(query -> !query.isEmpty())
                .map(query -> THRESHOLD.matcher(query).replaceFirst(""))
                .toList();
    }

    /** The metrics that a text names by the names under which Flink's reporter exports them. */
    static Set<String> exportedNamesIn(Path file) throws IOException {
        return EXPORTED_NAME
                .matcher(Files.readString(file))
                .results()
                .map(result -> result.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The metrics in the tables of {@code docs/metrics.md}: what is quoted in the first column. */
    static Set<String> documentedMetrics() throws IOException {
        return quotedInTables(Files.readString(METRICS));
    }

    /** Those of them that Prometheus shows as numbers. */
    static Set<String> documentedNumbers() throws IOException {
        Set<String> numbers = documentedMetrics();
        numbers.removeAll(quotedInTables(
                Files.readString(METRICS).split("\n## Texts\n", 2)[1].split("\n## ", 2)[0]));
        return numbers;
    }

    private static Set<String> quotedInTables(String page) {
        return page.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|")[1])
                .flatMap(cell -> QUOTED.matcher(cell).results().map(result -> result.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
