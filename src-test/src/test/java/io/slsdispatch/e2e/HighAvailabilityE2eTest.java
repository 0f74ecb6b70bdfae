package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.e2e.cluster.Checkpoints.Checkpoint;
import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.SavepointException;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.Reconciliation;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.time.Duration;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The fat jar on a cluster where another JobManager takes over from one that died. */
@OnCluster
class HighAvailabilityE2eTest {

    private static final Duration DELIVERY_LIMIT = Duration.ofMinutes(3);
    private static final String CHECKPOINT_TIMEOUT = "execution.checkpointing.timeout";

    private static SlsLocal sls;
    private static FlinkCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        sls = SlsLocal.start();
        cluster = FlinkCluster.builder("high-availability")
                .taskManagers(2, 2)
                .environment(Logstores.scriptCredentials())
                .highAvailability()
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
    void nothingIsLostWhenTheJobManagerIsKilledWhileItTakesASavepoint() throws Exception {
        Logstores logstores = Logstores.create(sls, "taken-over");
        ClusterJob job = cluster.submit(dispatching(logstores));

        try (SteadyLoad load = SteadyLoad.start(logstores, 1_000)) {
            job.awaitCheckpoints(1);
            job.requestSavepoint();
            cluster.killJobManager();
            cluster.startJobManager();
            job.awaitRunning();
            job.awaitCheckpoints(2);
            load.stop();
        }

        assertThat(job.checkpoints().latestRestore())
                .as("what the new JobManager began with")
                .isPresent();
        awaitDelivered(logstores);
        job.cancel();
        Reconciliation found = logstores.reconcile();
        assertThat(found.isWhole())
                .as(() -> String.join("\n", found.offenders()))
                .isTrue();
    }

    @Test
    void stopWithSavepointWhileATargetIsDownFailsAndTheJobGoesOn() throws Exception {
        Logstores logstores = Logstores.create(sls, "target-down");
        ClusterJob job = cluster.submit(dispatching(logstores).withOption(CHECKPOINT_TIMEOUT, "3 s"));
        job.awaitCheckpoints(1);
        long outage = sls.faults()
                .add(Fault.always(new Effect.Hang(Effect.Moment.BEFORE))
                        .on(Operation.PUT_LOGS)
                        .inProject("target-down"));
        logstores.write(100);
        await("the target is asked in vain").atMost(DELIVERY_LIMIT).until(() -> sls.faults().list().stream()
                .anyMatch(fault -> fault.struck() > 0));

        assertThatThrownBy(job::stopWithSavepoint).isInstanceOf(SavepointException.class);
        // Its tasks have stopped for the savepoint, so Flink starts them again, from the last checkpoint.
        job.awaitRunning();

        sls.faults().remove(outage);
        awaitDelivered(logstores);
        long id = job.triggerCheckpoint();
        assertThat(job.checkpoints().history())
                .filteredOn(checkpoint -> checkpoint.id() == id)
                .singleElement()
                .matches(Checkpoint::isCompleted);
        job.stopWithSavepoint();
        Reconciliation found = logstores.reconcile();
        assertThat(found.isWhole())
                .as(() -> String.join("\n", found.offenders()))
                .isTrue();
    }

    @Test
    void isCancelledWhileTheServiceHangsAtBothEnds() throws Exception {
        Logstores logstores = Logstores.create(sls, "hanging");
        ClusterJob job = cluster.submit(dispatching(logstores));
        job.awaitCheckpoints(1);
        Fault hanging = Fault.always(new Effect.Hang(Effect.Moment.BEFORE)).inProject("hanging");
        long puts = sls.faults().add(hanging.on(Operation.PUT_LOGS));
        logstores.write(100);
        await("a put hangs").atMost(DELIVERY_LIMIT).until(() -> sls.faults().list().stream()
                .anyMatch(fault -> fault.struck() > 0));
        long pulls = sls.faults().add(hanging.on(Operation.PULL_LOGS));

        // Flink gives a task that does not end 180 s, and then ends the whole process: it is still there.
        job.cancel();

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(cluster.livingTaskManagers()).containsExactlyInAnyOrder(1, 2);
        sls.faults().remove(puts);
        sls.faults().remove(pulls);
    }

    private static Submission dispatching(Logstores logstores) {
        return Submission.of(JavaJar.PATH)
                .withEnvironment(logstores.scriptVariables())
                .withParallelism(2);
    }

    private static void awaitDelivered(Logstores logstores) {
        await("every group at its target")
                .atMost(DELIVERY_LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(logstores::reconcile, found -> found.groups() == logstores.written() && found.lost() == 0);
    }
}
