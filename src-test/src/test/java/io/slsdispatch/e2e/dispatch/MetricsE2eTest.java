package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.wire.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.metrics.prometheus.LoopbackReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a running job exports through Flink's Prometheus reporter, and what operators are given to look at it: a metric that
 * is renamed must not leave an alert that never fires.
 */
class MetricsE2eTest {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setConfiguration(reporter())
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final String ROUTES = """
            routes:
              - {name: a-b, topic: {prefix: nginx}, to: [nginx, all]}
              - {name: a_b, topic: clicks, to: all}
              - {name: a.b, topic: {prefix: never}, to: all}
              - {name: made, topic: new-app, to: by-app}
            default-route: drop
            """;

    private static final Set<String> TOPICS = Set.of("nginx-a", "clicks", "nobody");

    private static final String FILTER = "filterLabelValueCharacters";
    private static final String EXCLUDES = "scope.variables.excludes";
    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");

    @TempDir
    private Path folder;

    private Rig rig;
    private RunningJob job;

    static Configuration reporter() {
        Configuration configuration = new Configuration();
        configuration.setString("metrics.reporter.loopback.factory.class", LoopbackReporter.Factory.class.getName());
        // As operators run it.
        Map<String, String> given =
                GlobalConfiguration.loadConfiguration("../conf/flink").toMap();
        configuration.setString(
                "metrics.reporter.loopback." + FILTER, given.getOrDefault("metrics.reporter.prom." + FILTER, "true"));
        configuration.setString(
                "metrics.reporter.loopback." + EXCLUDES, given.getOrDefault("metrics.reporter.prom." + EXCLUDES, ""));
        return configuration;
    }

    @BeforeEach
    void startJob() throws Exception {
        rig = new Rig(folder, 2, "nginx", "all");
        // So that there is an error code to be counted, of the source and of a target.
        for (Operation operation : List.of(Operation.PULL_LOGS, Operation.PUT_LOGS)) {
            rig.sls()
                    .faults()
                    .add(Fault.always(new Effect.Refuse(503, "ServerBusy", "as the test wants", Effect.Moment.BEFORE))
                            .on(operation)
                            .times(2));
        }
        rig.target("name: by-app, logstore: '{topic}-logs', allow: [new-*], when-missing: create, create: {shards: 1,"
                + " ttl: 1d, on-failure: drop}, when-invalid: drop, on-reject: drop, on-outage: drop");
        rig.writeToAll("a", 30, TOPICS.toArray(String[]::new));
        rig.writeToAll("b", 2, "new-app");
        // In a file of their own, so that there is all that is told of rules that are reloaded.
        Path rules = Files.writeString(folder.resolve("rules.yaml"), ROUTES);
        job = RunningJob.start(rig.config("consumer-group: progress", "rules: {from: " + rules + "}\n"), 2);
        job.awaitWhileRunning("groups at both targets", any -> {
            assertThat(rig.entries("all")).hasSize(40);
            assertThat(rig.entries("nginx")).hasSize(20);
        });
    }

    @AfterEach
    void stop() {
        job.close();
        rig.close();
    }

    @Test
    void everyMetricIsExportedThatAlertsDashboardAndDocumentsNameAndTheDocumentsHaveAllOfOurs() throws Exception {
        // Some appear with the first event that they count.
        job.awaitWhileRunning(
                "all metrics",
                any -> assertComplete(
                        new ExportedMetrics(LoopbackReporter.last().text())));
    }

    private static void assertComplete(ExportedMetrics exported) throws Exception {
        Set<String> ours = exported.names().stream()
                .filter(name -> name.contains("_sls_"))
                .map(name -> name.substring(name.lastIndexOf('_') + 1))
                .collect(Collectors.toSet());

        assertThat(exported.names())
                .as("named by alerts.yml")
                .containsAll(OperatorFiles.exportedNamesIn(OperatorFiles.ALERTS));
        assertThat(exported.names())
                .as("named by dashboard.json")
                .containsAll(OperatorFiles.exportedNamesIn(OperatorFiles.DASHBOARD));
        assertThat(OperatorFiles.documentedMetrics()).as("in docs/metrics.md").containsAll(ours);
        assertThat(OperatorFiles.documentedMetrics())
                .as("in docs/metrics.md")
                .allSatisfy(name -> assertThat(exported.names()).anyMatch(known -> known.endsWith("_" + name)));
        assertThat(exported.labelValues()).as("labels").doesNotContainAnyElementsOf(TOPICS);
    }

    @Test
    void rulesWhoseNamesDifferInOnePunctuationMarkHaveSeriesOfTheirOwn() throws Exception {
        job.awaitWhileRunning("the counts of each rule", any -> {
            String text = LoopbackReporter.last().text();
            assertThat(dispatchedGroups(text, "a-b")).isEqualTo(40);
            assertThat(dispatchedGroups(text, "a_b")).isEqualTo(20);
            assertThat(dispatchedGroups(text, "a.b")).isZero();
            assertThat(new ExportedMetrics(text).labelValues()).contains("put to nginx: Writer");
        });
    }

    private static double dispatchedGroups(String text, String rule) {
        return text.lines()
                .filter(line -> line.contains("_dispatchedGroups{") && line.contains("rule=\"" + rule + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .reduce(Double::sum)
                .orElse(-1);
    }

    @Test
    void prometheusScrapesARunningJobAndHasAnAnswerToEveryQueryOfDashboardAndRunbookAndEveryRule() throws Exception {
        try (PrometheusProcess prometheus =
                PrometheusProcess.start(folder, LoopbackReporter.last().address(), OperatorFiles.ALERTS)) {
            for (String query : OperatorFiles.dashboardQueries()) {
                job.awaitWhileRunning("an answer to " + query, any -> {
                    JsonNode answer = prometheus.query(query);
                    assertThat(answer.path("status").asText())
                            .as(answer.toString())
                            .isEqualTo("success");
                    assertThat(answer.path("data").path("result")).as(query).isNotEmpty();
                });
            }
            for (String query : OperatorFiles.runbookQueries()) {
                job.awaitWhileRunning("an answer to " + query, any -> assertAnswered(prometheus, query));
            }
            job.awaitWhileRunning("the rules to be evaluated", any -> assertThat(prometheus.rules())
                    .isNotEmpty()
                    .allSatisfy(rule -> assertThat(rule.path("health").asText())
                            .as(rule.toString())
                            .isEqualTo("ok")));
        }
    }

    /** A label that no sample has makes no error, but a group without it. */
    private static void assertAnswered(PrometheusProcess prometheus, String query) throws Exception {
        JsonNode answer = prometheus.query(query);
        assertThat(answer.path("status").asText()).as(answer.toString()).isEqualTo("success");
        JsonNode results = answer.path("data").path("result");
        assertThat(results).as(query).isNotEmpty();
        Matcher grouping = GROUPING.matcher(query);
        while (grouping.find()) {
            for (String label : grouping.group(1).split(" *, *")) {
                assertThat(results).as("label " + label + " of " + query).allSatisfy(result -> assertThat(
                                result.path("metric").path(label).asText())
                        .isNotEmpty());
            }
        }
    }
}
