package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.e2e.cluster.Checkpoints.Checkpoint;
import io.slsdispatch.e2e.cluster.CliResult;
import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.Reconciliation;
import io.slsdispatch.local.wire.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A job on a cluster can be stopped while the service takes requests and answers none. */
@OnCluster
class StoppingOnClusterE2eTest {

    /** The README promises it. */
    private static final Duration PROMISED = Duration.ofSeconds(10);

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int SHARDS_OF_THE_SOURCE = 4;

    @RegisterExtension
    static final DispatchCluster CLUSTER =
            DispatchCluster.of(FlinkCluster.builder("stopping").taskManagers(2, 2));

    @TempDir
    private Path folder;

    @AfterEach
    void theServiceAnswersAgain() {
        CLUSTER.sls().faults().clear();
    }

    @Test
    void cancelEndsWhileTheServiceHangsAtBothEnds() {
        Logstores logstores = CLUSTER.logstores("cancelled");
        ClusterJob job = CLUSTER.submit(dispatching(logstores));
        job.awaitCheckpoints(1);
        hang("cancelled", Operation.PUT_LOGS);
        logstores.write(100);
        awaitHanging(1);
        hang("cancelled", Operation.PULL_LOGS);
        awaitHanging(1);

        job.cancel(PROMISED);

        // Flink gives a task that does not end 180 s, and then ends the whole process: it is still there.
        assertThat(CLUSTER.flink().livingTaskManagers()).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void stopWithSavepointEndsWhileTheServiceAnswersNothingAndNothingIsLostOrRepeatedAfterIt() throws Exception {
        Logstores logstores = CLUSTER.logstores("stopped");
        ClusterJob job = CLUSTER.submit(dispatching(logstores));
        job.awaitCheckpoints(1);
        logstores.write(100);
        logstores.awaitDelivered();
        hangAll("stopped");
        awaitHanging(SHARDS_OF_THE_SOURCE);

        String savepoint = job.stopWithSavepoint(PROMISED);

        CLUSTER.sls().faults().clear();
        logstores.write(100);
        ClusterJob next = CLUSTER.submit(job.submission().withSavepoint(savepoint));
        assertThat(logstores.awaitDeliveredAndStop(next)).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");
    }

    @Test
    void stopWithSavepointEndsWhenTheServiceHasNeverAnswered() throws Exception {
        Logstores logstores = CLUSTER.logstores("never-answered");
        logstores.write(100);
        hangAll("never-answered");
        ClusterJob job = CLUSTER.submit(dispatching(logstores));
        job.awaitCheckpoints(1);
        awaitHanging(1);

        String savepoint = job.stopWithSavepoint(PROMISED);

        CLUSTER.sls().faults().clear();
        ClusterJob next = CLUSTER.submit(job.submission().withSavepoint(savepoint));
        assertThat(logstores.awaitDeliveredAndStop(next)).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");
    }

    @Test
    void stopWithSavepointWhileATargetHangsFailsAtTheLimitOfCheckpointsAndTheJobGoesOn() throws Exception {
        Logstores logstores = CLUSTER.logstores("target-down");
        Path config = Files.writeString(
                folder.resolve("dispatch.yaml"),
                logstores.sourceAndTargets() + Logstores.routes()
                        + "checkpoint-timeout: 3s\ndefaults: {request-timeout: 3s}\n");
        ClusterJob job = CLUSTER.submit(Submission.of(JavaJar.PATH)
                .withArguments("--config", config.toString())
                .withParallelism(2));
        job.awaitCheckpoints(1);
        hang("target-down", Operation.PUT_LOGS);
        logstores.write(100);
        awaitHanging(1);

        CliResult stop = CLUSTER.flink().cli(Map.of(), "stop", job.id());

        assertThat(stop.exitCode()).as(stop::toString).isPositive();
        assertThat(stop.toString()).contains("expired before completing");
        // Its tasks have stopped for the savepoint, so Flink starts them again, from the last checkpoint.
        job.awaitRunning();

        CLUSTER.sls().faults().clear();
        logstores.awaitDelivered();
        long id = job.triggerCheckpoint();
        assertThat(job.checkpoints().history())
                .filteredOn(checkpoint -> checkpoint.id() == id)
                .singleElement()
                .matches(Checkpoint::isCompleted);
        Reconciliation found = logstores.awaitDeliveredAndStop(job);
        assertThat(found.isWhole())
                .as(() -> String.join("\n", found.offenders()))
                .isTrue();
    }

    @Test
    void cancelEndsWhileAStopWithSavepointWaitsForATarget() {
        Logstores logstores = CLUSTER.logstores("given-up");
        ClusterJob job = CLUSTER.submit(dispatching(logstores));
        job.awaitCheckpoints(1);
        hang("given-up", Operation.PUT_LOGS);
        logstores.write(100);
        awaitHanging(1);
        job.requestStopWithSavepoint();
        await("the savepoint is under way")
                .atMost(LIMIT)
                .until(
                        () -> job.checkpointStatistics()
                                .path("counts")
                                .path("in_progress")
                                .asInt(),
                        underWay -> underWay > 0);

        job.cancel(PROMISED);

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
    }

    private static Submission dispatching(Logstores logstores) {
        return logstores.dispatching().withParallelism(2);
    }

    private static void hang(String project, Operation operation) {
        add(Fault.always(new Effect.Hang(Effect.Moment.BEFORE)).on(operation), project);
    }

    private static void hangAll(String project) {
        add(Fault.always(new Effect.Hang(Effect.Moment.BEFORE)), project);
    }

    private static void add(Fault fault, String project) {
        CLUSTER.sls().faults().add(fault.inProject(project));
    }

    /** Waits until each fault that is on has struck so many calls. */
    private static void awaitHanging(int calls) {
        await("calls hang").atMost(LIMIT).until(() -> CLUSTER.sls().faults().list().stream()
                .allMatch(fault -> fault.struck() >= calls));
    }
}
