package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.local.ledger.Reconciliation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The fat jar on a cluster where another JobManager takes over from one that died. */
@OnCluster
class HighAvailabilityE2eTest {

    @RegisterExtension
    static final DispatchCluster CLUSTER = DispatchCluster.of(
            FlinkCluster.builder("high-availability").taskManagers(2, 2).highAvailability());

    @Test
    void nothingIsLostWhenTheJobManagerIsKilledWhileItTakesASavepoint() throws Exception {
        Logstores logstores = CLUSTER.logstores("taken-over");
        ClusterJob job = CLUSTER.submit(logstores.dispatching().withParallelism(2));

        try (SteadyLoad load = SteadyLoad.start(logstores, 1_000)) {
            job.awaitCheckpoints(1);
            job.requestSavepoint();
            CLUSTER.flink().killJobManager();
            CLUSTER.flink().startJobManager();
            job.awaitRunning();
            job.awaitCheckpoints(2);
            load.stop();
        }

        assertThat(job.checkpoints().latestRestore())
                .as("what the new JobManager began with")
                .isPresent();
        logstores.awaitDelivered();
        job.cancel();
        Reconciliation found = logstores.reconcile();
        assertThat(found.isWhole())
                .as(() -> String.join("\n", found.offenders()))
                .isTrue();
    }
}
