package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rules that are reloaded on a cluster whose TaskManagers are killed. {@code -Drules.reloads=50} reloads as often; in the
 * normal build it is a short run.
 */
@OnCluster
class RulesOnClusterE2eTest {

    private static final int RELOADS = Integer.getInteger("rules.reloads", 6);
    private static final int RELOADS_FOR_EACH_KILL = 5;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final List<String> TARGETS = List.of("nginx-logs", "sql-logs", "click-logs");

    @RegisterExtension
    static final DispatchCluster CLUSTER =
            DispatchCluster.of(FlinkCluster.builder("rules").taskManagers(2, 2));

    @TempDir
    private Path folder;

    @Test
    void everyGroupIsRoutedByOneVersionWhileTaskManagersAreKilledAndAfterARestore() throws Exception {
        Logstores logstores = CLUSTER.logstores("reloaded");
        int version = 1;
        write(version);
        Path config = Files.writeString(
                folder.resolve("dispatch.yaml"),
                logstores.sourceAndTargets() + "rules: {from: " + folder.resolve("rules.yaml")
                        + ", poll-interval: 100ms}\n");
        ClusterJob job = CLUSTER.submit(Submission.of(JavaJar.PATH)
                .withArguments("--config", config.toString())
                .withParallelism(2));

        try (SteadyLoad load = SteadyLoad.start(logstores, 500)) {
            job.awaitCheckpoints(1);
            while (version <= RELOADS) {
                if (version % RELOADS_FOR_EACH_KILL == 2) {
                    CLUSTER.flink().startTaskManager();
                    write(++version);
                    CLUSTER.flink()
                            .killTaskManager(
                                    job.deployment().taskManagers().iterator().next());
                } else {
                    write(++version);
                }
                awaitVersion(version);
            }
            job.awaitRunning();
            ClusterJob restored = job.rescale(3);
            write(++version);
            awaitVersion(version);
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

    /** Sends everything to one target, another with each version. */
    private void write(int version) throws IOException {
        Path next = Files.writeString(
                folder.resolve("rules.next"),
                "routes: [{to: " + TARGETS.get(version % TARGETS.size()) + "}]\ndefault-route: fail\n");
        Files.move(next, folder.resolve("rules.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void awaitVersion(int version) {
        await("rules of version " + version)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> CLUSTER.flink().logLinesWith("Rules of version " + version + " ").stream()
                        .anyMatch(line -> line.contains("hold from checkpoint")));
    }
}
