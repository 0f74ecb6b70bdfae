package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.Reconciliation;
import io.slsdispatch.local.wire.Operation;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The fat jar on a cluster where another JobManager takes over from one that died. */
@OnCluster
class HighAvailabilityE2eTest {

    private static final String PROJECT = "taken-over";
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @RegisterExtension
    static final DispatchCluster CLUSTER = DispatchCluster.of(
            FlinkCluster.builder("high-availability").taskManagers(2, 2).highAvailability());

    @Test
    void nothingIsLostWhenTheJobManagerIsKilledWhileItTakesASavepoint() throws Exception {
        Logstores logstores = CLUSTER.logstores(PROJECT);
        long savepoint;
        ClusterJob job = CLUSTER.submit(logstores.dispatching().withParallelism(2));

        try (SteadyLoad load = SteadyLoad.start(logstores, 1_000)) {
            job.awaitCheckpoints(1);
            // What is not acknowledged holds back each checkpoint, so that the savepoint cannot be complete too early.
            Fault hanging = Fault.always(new Effect.Hang(Effect.Moment.BEFORE))
                    .on(Operation.PUT_LOGS)
                    .inProject(PROJECT);
            CLUSTER.sls().faults().add(hanging);
            await("a write that is not acknowledged")
                    .atMost(LIMIT)
                    .until(() -> CLUSTER.sls().faults().list().get(0).struck() > 0);
            job.requestSavepoint();
            savepoint = job.awaitSavepointUnderWay();
            CLUSTER.flink().killJobManager();
            CLUSTER.sls().faults().clear();
            CLUSTER.flink().startJobManager();
            job.awaitRunning();
            job.awaitCheckpoints(2);
            load.stop();
        }

        assertThat(job.checkpoints().latestRestore())
                .as("what the new JobManager began with")
                .hasValueSatisfying(restore -> {
                    assertThat(restore.savepoint()).isFalse();
                    assertThat(restore.id()).isLessThan(savepoint);
                });
        logstores.awaitDelivered();
        job.cancel();
        Reconciliation found = logstores.reconcile();
        assertThat(found.isWhole())
                .as(() -> String.join("\n", found.offenders()))
                .isTrue();
    }
}
