package io.slsdispatch.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnCluster
class SurvivalTest {

    @TempDir
    private Path folder;

    @Test
    void aJobOutlivesKilledProcessesAndMovesToAnotherParallelism() {
        try (FlinkCluster cluster = FlinkCluster.builder("survival")
                .taskManagers(2, 3)
                .environment(SequenceJobs.SECRET)
                .highAvailability()
                .start()) {
            ClusterJob job = cluster.submit(SequenceJobs.in(folder, 3).withEnvironment(SequenceJobs.SECRET));
            job.awaitRunning();
            job.awaitCheckpoints(2);

            cluster.killTaskManager(1);
            job.awaitRunning();
            job.awaitCheckpoints(1);
            assertThat(job.checkpoints().restores()).isPositive();
            assertThat(job.deployment().taskManagers()).containsExactly(2);
            assertIntact(job);

            cluster.startTaskManager();
            cluster.awaitSlots(6);
            ClusterJob narrower = job.rescale(2);
            assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
            narrower.awaitRunning();
            narrower.awaitCheckpoints(1);
            assertThat(narrower.deployment().taskManagers()).containsExactlyInAnyOrder(2, 3);
            assertIntact(narrower);

            cluster.killJobManager();
            cluster.startJobManager();
            narrower.awaitRunning();
            narrower.awaitCheckpoints(1);
            assertThat(narrower.checkpoints().restores()).isPositive();
            assertIntact(narrower);
        }
    }

    private static void assertIntact(ClusterJob job) {
        assertThat(job.failures())
                .extracting(JobFailure::stackTrace)
                .noneMatch(trace -> trace.contains("Sequence broken"));
    }
}
