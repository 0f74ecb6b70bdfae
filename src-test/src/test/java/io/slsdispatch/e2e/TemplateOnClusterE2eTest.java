package io.slsdispatch.e2e;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.fault.Faults;
import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.ledger.Reconciler;
import io.slsdispatch.local.ledger.Reconciliation;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Hundreds of topics that nobody listed begin to flow on a cluster whose processes come and go. */
@OnCluster
class TemplateOnClusterE2eTest {

    private static final String PROJECT = "by-template";
    private static final String SOURCE = "all-logs";
    private static final int SHARDS = 8;
    private static final int TOPICS = 300;
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @RegisterExtension
    static final DispatchCluster CLUSTER =
            DispatchCluster.of(FlinkCluster.builder("template").taskManagers(2, 4));

    @TempDir
    private Path folder;

    private int written;

    @Test
    void nothingIsLostWhenTopicsBeginWhileATaskManagerIsKilledAndTheJobIsRescaled(TestReporter report)
            throws Exception {
        CLUSTER.sls().createLogstore(PROJECT, SOURCE, SHARDS);
        // Slows nothing down, and counts.
        long calls = CLUSTER.sls()
                .faults()
                .add(Fault.always(new Effect.Delay(Duration.ZERO, Duration.ZERO, Effect.Moment.BEFORE))
                        .on(Operation.CREATE_LOGSTORE));
        ClusterJob job = CLUSTER.submit(Submission.of(JavaJar.PATH)
                .withArguments("--config", configuration().toString())
                .withEnvironment(DispatchCluster.variablesOf(SlsLocalOptions.DEFAULT_KEY))
                .withParallelism(4));
        job.awaitCheckpoints(1);

        write(0, TOPICS / 2);
        int victim = job.deployment().taskManagers().iterator().next();
        CLUSTER.flink().startTaskManager();
        CLUSTER.flink().killTaskManager(victim);
        write(TOPICS / 3, TOPICS);
        job.awaitRunning();
        assertDelivered();
        long longest = longestCheckpoint(job);
        ClusterJob rescaled = job.rescale(3);
        write(0, TOPICS);
        assertDelivered();
        rescaled.stopWithSavepoint();

        report.publishEntry("longest checkpoint, ms", Long.toString(Math.max(longest, longestCheckpoint(rescaled))));
        assertThat(reconcile()).satisfies(found -> assertThat(List.of(found.lost(), found.misrouted(), found.altered()))
                .containsOnly(0L));
        assertThat(job.checkpoints().restores()).isPositive();
        assertThat(CLUSTER.sls().logstores(PROJECT))
                .as("every logstore, once")
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Stream.of(SOURCE), logstores().stream()).toList());
        assertThat(callsOf(calls)).as("calls that create").isBetween((long) TOPICS, 2L * TOPICS);
        assertSettings();
    }

    private Path configuration() throws IOException {
        return Files.writeString(
                folder.resolve("dispatch.yaml"), """
                checkpoint-interval: 2s
                source: {endpoint: '%s', project: %s, logstore: %s,
                  credentials: {access-key-id: '${SLS_AK_ID}', access-key-secret: '${SLS_AK_KEY}'}}
                targets:
                  - name: by-app
                    logstore: "{topic}-logs"
                    allow: ["app-*"]
                    max-logstores: 500
                    when-missing: create
                    create: {shards: 2, ttl: 7d, auto-split: true, max-split-shards: 16, on-failure: fail}
                    when-invalid: fail
                    on-reject: fail
                    on-outage: block
                routes: [{topic: {prefix: app-}, to: by-app}]
                default-route: fail
                """.formatted(CLUSTER.sls().endpoint(), PROJECT, SOURCE));
    }

    /** Writes groups of these topics, to all shards. */
    private void write(int from, int to) {
        for (int topic = from; topic < to; topic++) {
            for (int shard = 0; shard < SHARDS; shard++) {
                byte[] group = logGroup()
                        .log((int) (System.currentTimeMillis() / 1000), "number", Integer.toString(written++))
                        .topic("app-" + topic)
                        .field(31, (byte) 'a')
                        .toBytes();
                CLUSTER.sls().put(PROJECT, SOURCE, shard, group);
            }
        }
    }

    private static Set<String> logstores() {
        return IntStream.range(0, TOPICS)
                .mapToObj(topic -> "app-" + topic + "-logs")
                .collect(Collectors.toSet());
    }

    private void assertDelivered() {
        await("every group in the logstore of its topic")
                .atMost(LIMIT)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    if (!CLUSTER.sls().logstores(PROJECT).containsAll(logstores())) {
                        return false;
                    }
                    Reconciliation found = reconcile();
                    return found.groups() == written && found.lost() == 0;
                });
    }

    private static Reconciliation reconcile() {
        Map<String, LogstoreLedger> ledgers = CLUSTER.sls().logstores(PROJECT).stream()
                .filter(logstore -> !logstore.equals(SOURCE))
                .collect(Collectors.toMap(
                        Function.identity(),
                        logstore -> CLUSTER.sls().ledger(PROJECT, logstore),
                        (a, b) -> a,
                        TreeMap::new));
        try {
            return Reconciler.reconcile(
                    CLUSTER.sls().ledger(PROJECT, SOURCE), ledgers, topic -> Set.of(topic + "-logs"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long longestCheckpoint(ClusterJob job) {
        long longest = 0;
        for (JsonNode checkpoint : job.checkpointStatistics().path("history")) {
            longest = Math.max(longest, checkpoint.path("end_to_end_duration").asLong());
        }
        return longest;
    }

    private static long callsOf(long fault) {
        List<Faults.View> views = new ArrayList<>(CLUSTER.sls().faults().list());
        return views.stream()
                .filter(view -> view.id() == fault)
                .mapToLong(Faults.View::struck)
                .sum();
    }

    private void assertSettings() throws Exception {
        Path credentials = Files.writeString(
                folder.resolve("credentials"),
                "access-key-id=" + SlsLocalOptions.DEFAULT_KEY.accessKeyId() + "\naccess-key-secret="
                        + SlsLocalOptions.DEFAULT_KEY.accessKeySecret() + "\n");
        try (SlsClient client = new SlsClients(ConnectionConfig.of(
                        Endpoint.parse(CLUSTER.sls().endpoint()), new CredentialsConfig.File(credentials.toString())))
                .create()) {
            for (String logstore : logstores()) {
                assertThat(client.logstoreSettings(new LogstoreId(PROJECT, logstore)))
                        .as(logstore)
                        .isEqualTo(new LogstoreSettings(2, 7, true, 16));
            }
        }
    }
}
