package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.FlinkClusterBuilder;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.e2e.dispatch.InProcess;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.ledger.Reconciliation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same fat jar on processes of Flink's LTS line, with {@code -Pflink-lts}, which puts their jars there. */
@OnCluster
@Tag("flink-lts")
class FlinkLtsE2eTest {

    private static final Path LTS = Path.of("flink-lts", "target", "lib");
    private static final String EXACT = "lost=0 duplicated=0 misrouted=0 altered=0";

    private SlsLocal sls;

    @BeforeEach
    void startSls() throws IOException {
        sls = SlsLocal.start();
    }

    @AfterEach
    void stopSls() {
        sls.close();
    }

    @Test
    void nothingIsLostOnTheLtsLineWhenATaskManagerIsKilledUnderLoad() throws Exception {
        Logstores logstores = Logstores.create(sls, "killed");
        try (FlinkCluster lts = lts().taskManagers(2, 4).start()) {
            ClusterJob job = lts.submit(logstores.dispatching().withParallelism(4));
            try (SteadyLoad load = SteadyLoad.start(logstores, 500)) {
                job.awaitCheckpoints(2);
                int victim = job.deployment().taskManagers().iterator().next();
                lts.startTaskManager();
                lts.killTaskManager(victim);
                job.awaitRunning();
                job.awaitCheckpoints(2);
                load.stop();
            }

            Reconciliation found = logstores.awaitDeliveredAndStop(job);
            assertThat(found.lost()).isZero();
            assertThat(found.misrouted()).isZero();
            assertThat(found.altered()).isZero();
            assertThat(job.checkpoints().restores()).isPositive();
        }
    }

    @Test
    void nothingIsLostOrRepeatedWhenTheJobIsRescaledOnTheLtsLineAndMovedToTheNewestFlink() throws Exception {
        Logstores logstores = Logstores.create(sls, "moved");
        try (SteadyLoad load = SteadyLoad.start(logstores, 500)) {
            Submission moved;
            try (FlinkCluster lts = lts().start()) {
                ClusterJob job = lts.submit(logstores.dispatching().withParallelism(4));
                job.awaitCheckpoints(2);
                ClusterJob rescaled = job.rescale(3);
                rescaled.awaitCheckpoints(1);
                awaitStatus(lts, rescaled);
                moved = rescaled.submission().withSavepoint(rescaled.stopWithSavepoint());
            }

            try (FlinkCluster newest = cluster("newest").start()) {
                ClusterJob job = newest.submit(moved.withParallelism(2));
                job.awaitCheckpoints(2);
                load.stop();
                assertThat(logstores.awaitDeliveredAndStop(job)).hasToString(EXACT);
            }
        }
    }

    /** What the command shows, of the REST interface of this version. */
    private static void awaitStatus(FlinkCluster lts, ClusterJob job) {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            InProcess run = InProcess.run("status", "--flink", lts.restAddress(), "--job", job.id());
            assertThat(run.out())
                    .contains("RUNNING for ", "restarts 0", " ago, took ")
                    .containsPattern("\\n0 +\\d+ ")
                    .containsPattern("\\nnginx-logs +ok ");
        });
    }

    private static FlinkClusterBuilder lts() {
        // What the rig's own options of the same meaning are called in this version.
        return cluster("lts").flink(LTS).option("web.refresh-interval", "100 ms");
    }

    private static FlinkClusterBuilder cluster(String name) {
        return FlinkCluster.builder(name)
                .taskManagers(1, 4)
                .environment(DispatchCluster.variablesOf(SlsLocalOptions.DEFAULT_KEY));
    }
}
