package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.SlsLocalOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rules that are reloaded on a cluster whose TaskManagers and JobManagers are killed. {@code -Drules.reloads=50} reloads as
 * often; in the normal build it is a short run.
 */
@OnCluster
class RulesOnClusterE2eTest {

    private static final int RELOADS = Integer.getInteger("rules.reloads", 6);
    private static final int RELOADS_FOR_EACH_TASK_MANAGER = 5;
    private static final int RELOADS_FOR_EACH_JOB_MANAGER = 10;
    /** For who submits and publishes; the processes of the cluster have it, too. */
    private static final Map<String, String> KEY = DispatchCluster.variablesOf(SlsLocalOptions.DEFAULT_KEY);

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final List<String> TARGETS = List.of("nginx-logs", "sql-logs", "click-logs");

    @RegisterExtension
    static final DispatchCluster CLUSTER =
            DispatchCluster.of(FlinkCluster.builder("rules").taskManagers(2, 2).highAvailability());

    @TempDir
    private Path folder;

    /** How new rules get to where the job looks for them. */
    @FunctionalInterface
    private interface Publication {
        void publish(Path rules) throws Exception;
    }

    @Test
    void everyGroupIsRoutedByOneVersionOfAFileWhileProcessesAreKilledAndAfterARestore() throws Exception {
        Path place = folder.resolve("rules.yaml");
        Logstores logstores = CLUSTER.logstores("rules-in-a-file");

        reload(
                logstores,
                configuration(logstores, place.toString()),
                rules -> Files.move(rules, place, StandardCopyOption.ATOMIC_MOVE));
    }

    @Test
    void everyGroupIsRoutedByOneVersionOfALogstoreWhileProcessesAreKilledAndAfterARestore() throws Exception {
        String project = "rules-in-a-logstore";
        Logstores logstores = CLUSTER.logstores(project);
        CLUSTER.sls().createLogstore(project, "dispatch-rules", 2);
        Path configuration = configuration(logstores, "sls://" + project + "/dispatch-rules");

        reload(logstores, configuration, rules -> publish(rules, configuration));
    }

    private Path configuration(Logstores logstores, String place) throws Exception {
        return Files.writeString(
                folder.resolve("dispatch.yaml"),
                logstores.sourceAndTargets() + "rules: {from: '" + place + "', poll-interval: 100ms}\n");
    }

    /** As a person does it. */
    private static void publish(Path rules, Path configuration) throws Exception {
        JavaJar.Run run = JavaJar.run(KEY, "publish-rules", rules.toString(), "--config", configuration.toString());
        assertThat(run.exitCode()).as(run.out()).isZero();
    }

    private void reload(Logstores logstores, Path configuration, Publication publication) throws Exception {
        int version = 1;
        publication.publish(rules(version));
        ClusterJob job = CLUSTER.submit(Submission.of(JavaJar.PATH)
                .withArguments("--config", configuration.toString())
                .withEnvironment(KEY)
                .withParallelism(2));

        try (SteadyLoad load = SteadyLoad.start(logstores, 500)) {
            job.awaitCheckpoints(1);
            while (version <= RELOADS) {
                boolean killsTaskManager = version % RELOADS_FOR_EACH_TASK_MANAGER == 2;
                if (killsTaskManager) {
                    CLUSTER.flink().startTaskManager();
                }
                version++;
                long before = timesInForce(version);
                publication.publish(rules(version));
                if (killsTaskManager) {
                    CLUSTER.flink()
                            .killTaskManager(
                                    job.deployment().taskManagers().iterator().next());
                }
                if (version % RELOADS_FOR_EACH_JOB_MANAGER == 5) {
                    CLUSTER.flink().killJobManager();
                    CLUSTER.flink().startJobManager();
                }
                awaitInForce(version, before);
            }
            job.awaitRunning();
            ClusterJob restored = job.rescale(3);
            version++;
            long before = timesInForce(version);
            publication.publish(rules(version));
            awaitInForce(version, before);
            load.stop();
            awaitDelivery(logstores);
            restored.stopWithSavepoint();
        }

        assertThat(logstores.targetsOfGroups()).hasSize(logstores.written()).allSatisfy(targets -> assertThat(targets)
                .hasSize(1));
        assertThat(logstores.targetsOfGroups().stream().flatMap(Set::stream)).containsAll(TARGETS);
    }

    private static void awaitDelivery(Logstores logstores) {
        await("every group at a target")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> logstores.targetsOfGroups().stream().noneMatch(Set::isEmpty));
    }

    /** Rules that send everything to one target, another with each version. */
    private Path rules(int version) throws Exception {
        return Files.writeString(
                folder.resolve("rules.next"),
                "routes: [{to: " + TARGETS.get(version % TARGETS.size()) + "}]\ndefault-route: fail\n");
    }

    private static void awaitInForce(int version, long timesBefore) {
        await("rules of version " + version)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> timesInForce(version) > timesBefore);
    }

    /**
     * How often the logs say of a version that it holds: since a checkpoint, or since a start, when whoever would have said
     * the former was killed. Those of the other test's job are among them.
     */
    private static long timesInForce(int version) {
        return CLUSTER.flink().logLinesWith("Rules of version " + version + " ").stream()
                .filter(line ->
                        line.contains(" in force from checkpoint ") || line.contains(" in force since the start"))
                .count();
    }
}
