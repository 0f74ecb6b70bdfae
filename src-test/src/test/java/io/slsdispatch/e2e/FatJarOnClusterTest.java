package io.slsdispatch.e2e;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The fat jar as users run it: checked by {@code java -jar}, submitted to a cluster of several processes. */
@OnCluster
class FatJarOnClusterTest {

    private static final String[] TOPICS = {"nginx", "sql_audit", "click", "nobody"};
    private static final int SHARDS = 4;
    private static final int GROUPS = 400;

    @RegisterExtension
    static final DispatchCluster CLUSTER =
            DispatchCluster.of(FlinkCluster.builder("fat-jar").taskManagers(2, 1));

    @TempDir
    private Path folder;

    @Test
    void boundedRunDeliversEveryGroupOnceAndEndsByItself() throws IOException {
        fill("from-file");
        Path file = Files.writeString(
                folder.resolve("dispatch.yaml"), """
                source:
                  endpoint: %s
                  project: from-file
                  logstore: all
                  stop: now
                  discovery: {listing-margin: 1s}
                  credentials: {access-key-id: "${SLS_AK_ID}", access-key-secret: "${SLS_AK_KEY}"}
                targets:
                  - {name: nginx, logstore: nginx-logs}
                  - {name: rest, logstore: rest-logs}
                routes:
                  - {topic: nginx, to: nginx}
                  - {topic: [sql_audit, click], to: rest}
                default-route: drop
                """.formatted(CLUSTER.sls().endpoint()));
        CLUSTER.sls().createLogstore("from-file", "nginx-logs", 1);
        CLUSTER.sls().createLogstore("from-file", "rest-logs", 2);

        ClusterJob job = CLUSTER.submit(Submission.of(JavaJar.PATH)
                .withArguments("--config", file.toString())
                .withParallelism(2));
        job.awaitStatus(JobStatus.FINISHED);

        assertThat(written("from-file", "nginx-logs")).isEqualTo(ofTopics("from-file", "nginx"));
        assertThat(written("from-file", "rest-logs")).isEqualTo(ofTopics("from-file", "sql_audit", "click"));
    }

    @Test
    void variablesOfThePythonScriptAreEnough() throws Exception {
        fill("from-variables");
        Map<String, String> variables = variables("from-variables");
        variables.put("SLS_LOGSTORE_TO2", "sql-logs");
        variables.put("SLS_LOGSTORE_TO3", "click-logs");
        for (String logstore : List.of("nginx-logs", "sql-logs", "click-logs")) {
            CLUSTER.sls().createLogstore("from-variables", logstore, 2);
        }

        ClusterJob job =
                CLUSTER.submit(Submission.of(JavaJar.PATH).withParallelism(2).withEnvironment(variables));

        Awaitility.await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
            assertThat(written("from-variables", "nginx-logs")).isEqualTo(ofTopics("from-variables", "nginx"));
            assertThat(written("from-variables", "sql-logs")).isEqualTo(ofTopics("from-variables", "sql_audit"));
            assertThat(written("from-variables", "click-logs")).isEqualTo(ofTopics("from-variables", "click"));
        });
        job.cancel();
    }

    @Test
    void checkAsksTheServiceAndChangesNothing() throws Exception {
        fill("checked");
        CLUSTER.sls().createLogstore("checked", "nginx-logs", 1);
        Map<String, String> variables = variables("checked");
        variables.putAll(DispatchCluster.variablesOf(SlsLocalOptions.DEFAULT_KEY));

        JavaJar.Run without = JavaJar.run(variables, "--check");
        assertThat(without.exitCode()).isEqualTo(3);
        assertThat(without.out()).contains("FAILED  consumer group group: does not exist", "SLS_START");

        variables.put("SLS_START", "begin");
        JavaJar.Run ready = JavaJar.run(variables, "--check");
        assertThat(ready.exitCode()).as(ready.out()).isZero();
        assertThat(ready.out())
                .contains(
                        "ok      source checked/all: 4 shards, readable",
                        "does not exist and will be created",
                        "All checks passed")
                .doesNotContain(SlsLocalOptions.DEFAULT_KEY.accessKeySecret());

        variables.put("SLS_LOGSTORE_TO2", "missing-logs");
        JavaJar.Run missing = JavaJar.run(variables, "--check");
        assertThat(missing.exitCode()).isEqualTo(3);
        assertThat(missing.out()).contains("FAILED  target missing-logs", "Create it, or correct its name");

        variables.put("SLS_AK_KEY", "not the secret");
        JavaJar.Run refused = JavaJar.run(variables, "--check");
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.out())
                .contains(
                        "UNAUTHORIZED",
                        "does not belong to the access key id: check the environment variable SLS_AK_KEY")
                .doesNotContain("not the secret");
    }

    private static Map<String, String> variables(String project) {
        return new HashMap<>(Map.of(
                "SLS_ENDPOINT", CLUSTER.sls().endpoint(),
                "SLS_PROJECT", project,
                "SLS_LOGSTORE", "all",
                "SLS_CG", "group",
                "SLS_LOGSTORE_TO1", "nginx-logs"));
    }

    private static void fill(String project) {
        CLUSTER.sls().createLogstore(project, "all", SHARDS);
        for (int number = 0; number < GROUPS; number++) {
            CLUSTER.sls().put(project, "all", number / TOPICS.length % SHARDS, group(number));
        }
    }

    private static byte[] group(int number) {
        return logGroup()
                .log(1_700_000_000, "number", "line " + number)
                .topic(TOPICS[number % TOPICS.length])
                .source("10.0.0." + number % 7)
                .toBytes();
    }

    /** How often each group was written to a logstore. */
    private static Map<GroupDigest, Integer> written(String project, String logstore) throws IOException {
        return digests(project, logstore, List.of());
    }

    /** The groups of the source that have one of these topics, once each. */
    private static Map<GroupDigest, Integer> ofTopics(String project, String... topics) throws IOException {
        return digests(project, "all", List.of(topics));
    }

    private static Map<GroupDigest, Integer> digests(String project, String logstore, List<String> topics)
            throws IOException {
        Map<GroupDigest, Integer> digests = new HashMap<>();
        for (Iterator<LedgerEntry> entries =
                        CLUSTER.sls().ledger(project, logstore).entries();
                entries.hasNext(); ) {
            LedgerEntry entry = entries.next();
            if (topics.isEmpty() || topics.contains(entry.topic())) {
                digests.merge(entry.digest(), 1, Integer::sum);
            }
        }
        return digests;
    }
}
