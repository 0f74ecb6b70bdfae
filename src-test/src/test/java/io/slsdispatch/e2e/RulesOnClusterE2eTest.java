package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.SlsLocal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

    private static SlsLocal sls;
    private static FlinkCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        sls = SlsLocal.start();
        cluster = FlinkCluster.builder("rules")
                .taskManagers(2, 2)
                .environment(Logstores.scriptCredentials())
                .start();
    }

    @AfterAll
    static void close() {
        if (cluster != null) {
            cluster.close();
        }
        if (sls != null) {
            sls.close();
        }
    }

    @Test
    void everyGroupIsRoutedByOneVersionWhileTaskManagersAreKilledAndAfterARestore() throws Exception {
        Logstores logstores = Logstores.create(sls, "reloaded");
        int version = 1;
        write(version);
        Path config = Files.writeString(
                folder.resolve("dispatch.yaml"),
                logstores.sourceAndTargets() + "rules: {from: " + folder.resolve("rules.yaml")
                        + ", poll-interval: 100ms}\n");
        ClusterJob job = cluster.submit(Submission.of(JavaJar.PATH)
                .withArguments("--config", config.toString())
                .withParallelism(2));

        try (SteadyLoad load = SteadyLoad.start(logstores, 500)) {
            job.awaitCheckpoints(1);
            while (version <= RELOADS) {
                if (version % RELOADS_FOR_EACH_KILL == 2) {
                    cluster.startTaskManager();
                    write(++version);
                    cluster.killTaskManager(
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
                .until(() -> logsSay("Rules of version " + version + " "));
    }

    private static boolean logsSay(String text) throws IOException {
        try (Stream<Path> logs = Files.list(cluster.logs())) {
            return logs.anyMatch(log -> contentOf(log)
                    .lines()
                    .anyMatch(line -> line.contains(text) && line.contains("hold from checkpoint")));
        }
    }

    private static String contentOf(Path log) {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
