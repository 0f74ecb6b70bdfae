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
                .taskManagers(2, 2)
                .environment(SequenceJobs.SECRET)
                .highAvailability()
                .start()) {
            ClusterJob job = cluster.submit(SequenceJobs.in(folder).withEnvironment(SequenceJobs.SECRET));
            job.awaitRunning();
            job.awaitCheckpoints(2);

            cluster.killTaskManager(1);
            job.awaitRunning();
            job.awaitCheckpoints(1);
            assertThat(job.checkpoints().restores()).isPositive();
            assertThat(job.deployment().taskManagers()).containsExactly(2);
            assertIntact(job);

            cluster.startTaskManager();
            cluster.awaitSlots(4);
            ClusterJob wider = job.rescale(3);
            assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
            wider.awaitRunning();
            wider.awaitCheckpoints(1);
            assertThat(wider.deployment().taskManagers()).containsExactlyInAnyOrder(2, 3);
            assertIntact(wider);

            cluster.killJobManager();
            cluster.startJobManager();
            wider.awaitRunning();
            wider.awaitCheckpoints(1);
            assertThat(wider.checkpoints().restores()).isPositive();
            assertIntact(wider);
        }
    }

    private static void assertIntact(ClusterJob job) {
        assertThat(job.failures())
                .extracting(JobFailure::stackTrace)
                .noneMatch(trace -> trace.contains("Sequence broken"));
    }
}
