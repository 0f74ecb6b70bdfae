package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.CursorOf;
import io.slsdispatch.local.fault.Effect.Moment;
import io.slsdispatch.local.fault.Effect.Spelling;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.prometheus.LoopbackReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cause of each alert, made with SLS Local, and the alert that a Prometheus raises from what the job then exports. The
 * rules are those of {@code conf/prometheus/alerts.yml} with shorter times: {@link AlertRulesTest} holds the times.
 */
class AlertsE2eTest {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setConfiguration(reporter())
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(4)
            .build());

    private static final List<String> OF_A_TARGET_THAT_DOES_NOT_ANSWER =
            List.of("NoCheckpoint", "CheckpointsFail", "TargetStuck", "TargetHoldsBack", "RulesWait", "ShardsWait");
    private static final List<String> OF_A_JOB_THAT_FAILS = List.of("JobRestarts");
    private static final List<String> OF_A_JOB_THAT_IS_GONE = List.of("JobDown");
    private static final List<String> OF_A_CLUSTER_THAT_IS_GONE = List.of("Silent");
    private static final List<String> OF_TARGETS_IN_AN_OUTAGE =
            List.of("TargetOut", "DeadLetters", "DeadLettersRefused", "Dropped");
    private static final List<String> OF_A_USED_UP_READ_QUOTA =
            List.of("ReadThrottled", "LagHigh", "LossNear", "DiscoveryStale");
    private static final List<String> OF_A_USED_UP_WRITE_QUOTA = List.of("WriteThrottled");
    private static final List<String> OF_ODD_DATA = List.of("DataGap", "CursorJumps", "Malformed", "Unmatched");
    private static final List<String> OF_NEW_LOGSTORES = List.of("LogstoresNearLimit", "LogstoreNotCreated");
    private static final List<String> OF_RULES_WITH_AN_ERROR = List.of("RulesRefused");
    private static final List<String> OF_RULES_THAT_ARE_GONE = List.of("RulesUnreadable");
    private static final List<String> OF_OTHER_CONSUMERS_CLOCK_AND_KEYS = List.of(
            "ForeignCommits",
            "StartGroupInUse",
            "ShardEndInDoubt",
            "CredentialsEnd",
            "CredentialsNotRenewed",
            "ClockSkew");
    private static final List<String> OF_COMMITS_THAT_FAIL = List.of("ProgressNotShown");

    /** Only a bug of the product can cause these. */
    private static final List<String> OF_BUGS = List.of("BooksDoNotBalance", "SinkBooksDoNotBalance");

    private static final Pattern ALERT = Pattern.compile("- alert: SlsDispatch(\\w+)");
    private static final byte[] CUT = {0x0A, 0x7F, 1, 2};

    @TempDir
    private static Path prometheusFolder;

    private static PrometheusProcess prometheus;

    @TempDir
    private Path folder;

    private Rig rig;

    private static Configuration reporter() {
        Configuration configuration = new Configuration();
        configuration.setString("metrics.reporter.loopback.factory.class", LoopbackReporter.Factory.class.getName());
        return configuration;
    }

    @BeforeAll
    static void startPrometheus() throws IOException {
        String quick = Files.readString(OperatorFiles.ALERTS)
                .replaceAll("for: \\d+m", "for: 1s")
                .replaceAll("\\[\\d+m]", "[10s]")
                .replace("_credentialsFailures[10s])) > 3", "_credentialsFailures[10s])) > 0")
                .replaceAll("_lagSeconds\\) > 300", "_lagSeconds) > 2")
                .replaceAll("_secondsSinceLastDiscovery\\) > 300", "_secondsSinceLastDiscovery) > 2")
                .replace("> 60000", "> 1000");
        Path rules = Files.writeString(prometheusFolder.resolve("quick-alerts.yml"), quick);
        prometheus = PrometheusProcess.start(
                prometheusFolder, LoopbackReporter.last().address(), rules);
    }

    @AfterAll
    static void stopPrometheus() {
        prometheus.close();
    }

    @AfterEach
    void stopSls() {
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void everyAlertIsCausedHereOrOnlyByABug() throws Exception {
        Set<String> alerts = new TreeSet<>();
        ALERT.matcher(Files.readString(OperatorFiles.ALERTS)).results().forEach(alert -> alerts.add(alert.group(1)));

        assertThat(Stream.of(
                                OF_A_TARGET_THAT_DOES_NOT_ANSWER,
                                OF_A_JOB_THAT_FAILS,
                                OF_A_JOB_THAT_IS_GONE,
                                OF_A_CLUSTER_THAT_IS_GONE,
                                OF_TARGETS_IN_AN_OUTAGE,
                                OF_A_USED_UP_READ_QUOTA,
                                OF_A_USED_UP_WRITE_QUOTA,
                                OF_ODD_DATA,
                                OF_NEW_LOGSTORES,
                                OF_RULES_WITH_AN_ERROR,
                                OF_RULES_THAT_ARE_GONE,
                                OF_OTHER_CONSUMERS_CLOCK_AND_KEYS,
                                OF_COMMITS_THAT_FAIL,
                                OF_BUGS)
                        .flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(alerts);
    }

    @Test
    void aTargetThatDoesNotAnswer() throws Exception {
        rig = new Rig(folder, 2, "good", "bad");
        rig.settings("bad", "max-buffered: 4KiB, max-in-flight-requests: 1");
        Path rules = rules("routes: [{topic: good, to: good}, {topic: bad, to: bad}]\ndefault-route: drop\n");
        try (RunningJob job = start("consumer-group: ours", "checkpoint-timeout: 1s\n" + from(rules))) {
            job.awaitWhileRunning("checkpoints", any -> assertThat(value("numberOfCompletedCheckpoints"))
                    .isPositive());
            refuse(Operation.PUT_LOGS, 500, "InternalServerError", "bad");
            rig.writeToAll("many", 500, "good", "bad");
            rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), 0);
            replace(rules, "routes: [{topic: good, to: good}, {topic: bad, to: bad}]\ndefault-route: good\n");

            awaitFiring(() -> {}, OF_A_TARGET_THAT_DOES_NOT_ANSWER);
        }
    }

    @Test
    void aJobThatFailsAndThenIsGone() throws Exception {
        rig = new Rig(folder, 1, "all");
        rig.writeToAll("unknown", 1, "nobody");
        try (RunningJob job = RunningJob.startLasting(
                rig.config("", "routes: [{topic: t, to: all}]\ndefault-route: fail\n"), new WatchedConnectors(), 1)) {
            awaitFiring(() -> {}, OF_A_JOB_THAT_FAILS);
            assertThat(job.hasEnded()).as("whether the job has ended").isFalse();
        }
        awaitFiring(() -> {}, OF_A_JOB_THAT_IS_GONE);
    }

    @Test
    void aClusterThatIsGone() throws Exception {
        Path ofThis = Files.createDirectory(folder.resolve("prometheus"));
        try (ForwardedMetrics cluster = ForwardedMetrics.start();
                PrometheusProcess watching = PrometheusProcess.start(
                        ofThis, cluster.address(), prometheusFolder.resolve("quick-alerts.yml"))) {
            await("metrics")
                    .atMost(RunningJob.LONG)
                    .until(() -> watching.query("flink_jobmanager_numRunningJobs")
                                    .path("data")
                                    .path("result")
                                    .size()
                            > 0);
            cluster.disappear();

            awaitFiring(watching, () -> {}, OF_A_CLUSTER_THAT_IS_GONE);
        }
    }

    @Test
    void targetsInAnOutage() throws Exception {
        rig = new Rig(folder, 1, "kept", "refused", "dropped");
        for (String store : List.of("letters", "no-letters")) {
            rig.sls().createLogstore(Rig.PROJECT, store, 1);
        }
        rig.settings("kept", "on-outage: dead-letter, outage-after: 500ms, dead-letter: {logstore: letters}");
        rig.settings("refused", "on-reject: dead-letter, dead-letter: {logstore: no-letters, on-refusal: drop}");
        rig.settings("dropped", "on-outage: drop, outage-after: 500ms");
        refuse(Operation.PUT_LOGS, 500, "InternalServerError", "kept");
        refuse(Operation.PUT_LOGS, 500, "InternalServerError", "dropped");
        refuse(Operation.PUT_LOGS, 400, "PostBodyInvalid", "refused");
        refuse(Operation.PUT_LOGS, 400, "PostBodyInvalid", "no-letters");
        try (RunningJob job = start("", routes("kept", "refused", "dropped"))) {
            awaitFiring(load("kept", "refused", "dropped"), OF_TARGETS_IN_AN_OUTAGE);
            assertThat(job.hasEnded()).as("whether the job has ended").isFalse();
        }
    }

    @Test
    void aUsedUpReadQuota() throws Exception {
        rig = new Rig(folder, 2, "all");
        // The service keeps groups for 30 days; these have four hours left.
        rig.clock().setBack(Duration.ofDays(30).minusHours(4));
        rig.sls().recreateLogstore(Rig.PROJECT, Rig.SOURCE.logstore(), 2);
        rig.writeToAll("old", 3_000, "all");
        rig.clock().setBack(Duration.ZERO);
        rig.discovery("failure-age-limit: 1h, listing-margin: 100ms, settle-time: 0s");
        // Each pull returns at most 1000 of them.
        rig.sls()
                .faults()
                .add(refusal(403, "ShardReadQuotaExceed")
                        .on(Operation.PULL_LOGS)
                        .skipping(2));
        try (RunningJob job = start("", routes("all"))) {
            job.awaitWhileRunning("pulls", any -> assertThat(value("throttles")).isPositive());
            refuse(Operation.LIST_SHARDS, 503, "ServerBusy", Rig.SOURCE.logstore());

            awaitFiring(() -> {}, OF_A_USED_UP_READ_QUOTA);
        }
    }

    /** The writers slow down to what the target accepts, so that few puts are refused: about one in two seconds each. */
    @Test
    void aUsedUpWriteQuota() throws Exception {
        rig = new Rig(folder, 2, "all");
        rig.settings("all", "batching: false");
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Quota(
                                Effect.Limited.SHARD, OptionalLong.empty(), OptionalLong.of(1), Duration.ofSeconds(1)))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("all"));
        try (RunningJob job = start("", routes("all"))) {
            awaitFiring(() -> rig.writeToAll("load", 20, "all"), OF_A_USED_UP_WRITE_QUOTA);
            assertThat(job.hasEnded()).as("whether the job has ended").isFalse();
        }
    }

    @Test
    void oddData() throws Exception {
        rig = new Rig(folder, 2, "all", "odd");
        try (RunningJob job = start(
                "on-expired-cursor: earliest",
                "dispatch: {on-malformed: odd}\ndefaults: {on-reject: drop}\n" + routes("all"))) {
            rig.writeToAll("first", 5, "all");
            job.awaitWhileRunning(
                    "the first", any -> assertThat(rig.entries("all")).hasSize(10));
            refuse(Operation.PULL_LOGS, 503, "ServerBusy", Rig.SOURCE.logstore());
            rig.writeToAll("unread", 5, "all");
            rig.sls().trim(Rig.PROJECT, Rig.SOURCE.logstore(), 0, 8);
            rig.sls().faults().clear();

            awaitFiring(
                    () -> {
                        rig.sls().jump(Rig.PROJECT, Rig.SOURCE.logstore(), 1, 7);
                        rig.sls().putBytes(Rig.PROJECT, Rig.SOURCE.logstore(), 1, CUT);
                        rig.writeToAll("load", 1, "nobody");
                    },
                    OF_ODD_DATA);
        }
    }

    @Test
    void newLogstores() throws Exception {
        rig = new Rig(folder, 1, "all");
        rig.target(
                "name: by-app, logstore: '{topic}-logs', allow: [app-*], max-logstores: 5, when-missing: create,"
                        + " create: {shards: 1, ttl: 1d, on-failure: drop}, when-invalid: drop, on-reject: drop, on-outage: drop");
        try (RunningJob job = start("", "routes: [{topic: {prefix: app-}, to: by-app}]\ndefault-route: drop\n")) {
            rig.writeToAll("first", 4, "app-a", "app-b", "app-c", "app-d");
            try (SlsClient client = rig.client()) {
                job.awaitWhileRunning("four logstores", any -> assertThat(
                                client.listLogstores(Rig.PROJECT, 0, 500).names())
                        .contains("app-a-logs", "app-b-logs", "app-c-logs", "app-d-logs"));
            }
            rig.sls().faults().add(refusal(401, "Unauthorized").on(Operation.CREATE_LOGSTORE));

            awaitFiring(load("app-e", "app-f"), OF_NEW_LOGSTORES);
            assertThat(job.hasEnded()).as("whether the job has ended").isFalse();
        }
    }

    @Test
    void rulesWithErrors() throws Exception {
        rig = new Rig(folder, 1, "all");
        Path rules = rules(routes("all"));
        try (RunningJob job = start("consumer-group: ours", from(rules))) {
            job.awaitWhileRunning(
                    "rules", any -> assertThat(value("rulesVersion")).isPositive());
            replace(rules, "routes: [{topic: t, to: nowhere}]\n");
            awaitFiring(() -> {}, OF_RULES_WITH_AN_ERROR);
            Files.delete(rules);

            awaitFiring(() -> {}, OF_RULES_THAT_ARE_GONE);
        }
    }

    /** These take a minute: the job looks at consumer groups once per minute, and waits as long for the end of a shard. */
    @Test
    @EnabledIfSystemProperty(
            named = "alerts.all",
            matches = "true",
            disabledReason = "takes a minute: -Dalerts.all=true")
    void otherConsumersClockAndKeys() throws Exception {
        rig = new Rig(folder, 2, "all");
        // The end of a shard that was closed longer ago is looked up; one before the position is outdated for this
        // long.
        rig.discovery("failure-age-limit: 2s, listing-margin: 100ms, settle-time: 5min");
        Files.writeString(
                folder.resolve("credentials"),
                "expiration=" + Instant.now().plusSeconds(230) + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.APPEND);
        rig.writeToAll("first", 5, "all");
        try (SlsClient client = rig.client()) {
            String begin = client.cursor(Rig.SOURCE, 1, new CursorOrigin.Begin());
            String closed = client.cursor(Rig.SOURCE, 0, new CursorOrigin.Begin());
            client.createConsumerGroup(Rig.SOURCE, "script");
            client.commitCursor(Rig.SOURCE, "script", 1, begin);
            try (RunningJob job = start("start: group\nstart-group: script\nconsumer-group: ours", routes("all"))) {
                job.awaitWhileRunning(
                        "groups", any -> assertThat(rig.entries("all")).hasSize(10));
                rig.sls()
                        .faults()
                        .add(Fault.always(new Effect.Cursor(CursorOf.END, 3, Spelling.USUAL))
                                .on(Operation.GET_CURSOR)
                                .inShard(0));
                rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), 0);
                rig.clock().setBack(Duration.ofSeconds(-400));
                Files.writeString(folder.resolve("credentials"), "no keys\n");

                awaitFiring(
                        () -> {
                            rig.write(1, TestGroups.group("all", "load"));
                            String end = client.cursor(Rig.SOURCE, 1, new CursorOrigin.End());
                            client.commitCursor(Rig.SOURCE, "script", 1, end);
                            // The job commits nothing more for a shard without new groups.
                            client.commitCursor(Rig.SOURCE, "ours", 0, closed);
                        },
                        OF_OTHER_CONSUMERS_CLOCK_AND_KEYS);
                refuse(Operation.UPDATE_CHECK_POINT, 503, "ServerBusy", Rig.SOURCE.logstore());
                awaitFiring(load("all"), OF_COMMITS_THAT_FAIL);
            }
        }
    }

    private RunningJob start(String source, String rest) throws Exception {
        return RunningJob.start(
                rig.config(
                        source, rest + (rest.contains("defaults:") ? "" : "defaults: {retry: {max-backoff: 100ms}}\n")),
                2);
    }

    /** A rule for each target, with the topic of its name; other topics are dropped. */
    private static String routes(String... targets) {
        StringBuilder rules = new StringBuilder("routes:\n");
        for (String target : targets) {
            rules.append("  - {topic: ")
                    .append(target)
                    .append(", to: ")
                    .append(target)
                    .append("}\n");
        }
        return rules.append("default-route: drop\n").toString();
    }

    private Path rules(String text) throws IOException {
        return Files.writeString(folder.resolve("rules.yaml"), text);
    }

    private static void replace(Path rules, String text) throws IOException {
        Path next = Files.writeString(rules.resolveSibling("rules.next.yaml"), text);
        Files.move(next, rules, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String from(Path rules) {
        return "rules: {from: '" + rules + "', poll-interval: 100ms}\n";
    }

    private void refuse(Operation operation, int status, String code, String logstore) {
        rig.sls().faults().add(refusal(status, code).on(operation).inLogstore(logstore));
    }

    private static Fault refusal(int status, String code) {
        return Fault.always(new Effect.Refuse(status, code, "as the test wants", Moment.BEFORE));
    }

    private ThrowingRunnable load(String... topics) {
        return () -> rig.writeToAll("load", topics.length, topics);
    }

    /** The largest value of a metric of the job. */
    private static double value(String metric) throws Exception {
        JsonNode results = prometheus
                .query("max({__name__=~\"flink_.*_" + metric + "\"})")
                .path("data")
                .path("result");
        return results.isEmpty() ? 0 : results.path(0).path("value").path(1).asDouble();
    }

    private static void awaitFiring(ThrowingRunnable meanwhile, List<String> alerts) {
        awaitFiring(prometheus, meanwhile, alerts);
    }

    /** Waits until each of the alerts has fired, and does something again and again meanwhile. */
    private static void awaitFiring(PrometheusProcess prometheus, ThrowingRunnable meanwhile, List<String> alerts) {
        Set<String> missing = new TreeSet<>(alerts);
        await("alerts")
                .atMost(RunningJob.LONG)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    for (JsonNode rule : prometheus.rules()) {
                        if (rule.path("state").asText().equals("firing")) {
                            missing.remove(rule.path("name").asText().replaceFirst("SlsDispatch", ""));
                        }
                    }
                    meanwhile.run();
                    assertThat(missing).as("alerts that have not fired").isEmpty();
                });
    }
}
