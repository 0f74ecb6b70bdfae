package io.slsdispatch.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.e2e.cluster.sequence.SequenceJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnCluster
class ClusterJobTest {

    @TempDir
    private static Path folder;

    private static FlinkCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = FlinkCluster.builder("operations")
                .taskManagers(2, 1)
                .environment(SequenceJobs.SECRET)
                .option("heartbeat.timeout", "5 s")
                // A folder that cannot be made.
                .option("execution.checkpointing.savepoint-dir", "file:///dev/null/savepoints")
                .start();
    }

    @AfterAll
    static void closeCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void restartsWhenATaskManagerFreezesAndReportsAFailedSavepoint() {
        ClusterJob job = cluster.submitOverRest(SequenceJobs.in(folder, 2));
        job.awaitRunning();
        assertThat(job.deployment().taskManagers()).containsExactlyInAnyOrder(1, 2);
        Waiting.waitFor(
                "numbers seen by the metrics",
                cluster.patience(),
                () -> job.metrics().sum("find_gaps.numRecordsIn").orElse(0),
                seen -> seen > 0);

        assertThatThrownBy(() -> job.stopWithSavepoint(cluster.patience()))
                .isInstanceOf(SavepointException.class)
                .hasMessageContaining(job.id())
                .hasMessageContaining("/dev/null/savepoints");
        job.awaitRunning();

        Deployment before = job.deployment();
        cluster.pauseTaskManager(1);
        cluster.awaitSlots(1);
        cluster.resumeTaskManager(1);
        job.awaitRestartSince(before);
        job.awaitCheckpoints(1);
        job.cancel();
    }

    @Test
    void afterAFailureThereAreTheLogsOfItsProcessesAndTheStacksOfTheirThreads() throws Exception {
        IllegalStateException failure = new IllegalStateException("a test failed");

        LogsOnFailure.show("a test", failure);

        assertThat(failure.getSuppressed()).anySatisfy(named -> assertThat(named)
                .hasMessageContaining(cluster.logs().toString()));
        for (String process : List.of("jobmanager-1", "taskmanager-1", "taskmanager-2")) {
            assertThat(cluster.logs()).isDirectoryContaining("glob:**/" + process + ".log");
            try (Stream<Path> dumps = Files.list(cluster.logs())) {
                assertThat(dumps.filter(file -> file.getFileName().toString().startsWith(process + ".threads-")))
                        .anySatisfy(file -> assertThat(file).content().contains("Full thread dump"));
            }
        }
    }

    @Test
    void showsWhatTheClientWroteWhenItRefusesAJob() {
        Submission misled = SequenceJobs.in(folder, 2).withEnvironment(Map.of(SequenceJob.VARIABLE, "open barley"));

        assertThatThrownBy(() -> cluster.submit(misled)).isInstanceOfSatisfying(CliException.class, e -> {
            assertThat(e.result().exitCode()).isNotZero();
            assertThat(e).hasMessageContaining("is not set to the expected value where main runs");
        });
    }
}
