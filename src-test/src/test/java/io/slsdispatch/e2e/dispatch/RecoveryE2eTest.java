package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.e2e.dispatch.WatchedConnectors.Moment;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.ledger.Reconciliation;
import io.slsdispatch.local.wire.Operation;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs that fail and are restarted, and jobs that are stopped with a savepoint and go on. */
@OnMiniCluster
class RecoveryE2eTest {

    private static final String ROUTES = """
            routes:
              - {topic: {prefix: key-}, to: all}
            default-route: fail
            """;

    /** The same in other words. */
    private static final String OTHER_ROUTES = """
            routes:
              - {topic: [key-a, key-b], to: all}
              - {topic: {glob: 'k*'}, to: all}
            default-route: fail
            """;

    private final WatchedConnectors connectors = new WatchedConnectors();

    @WithLogstores(sourceShards = 4, targets = "all")
    private Rig rig;

    @ParameterizedTest
    @EnumSource
    void nothingIsLostWhenAWriterThrows(Moment moment) throws Exception {
        try (Feeder feeder = Feeder.start(rig);
                RunningJob job = RunningJob.startLasting(rig.config("", ROUTES), connectors, 2)) {
            for (int failure = 1; failure <= 3; failure++) {
                awaitArrivals(job);
                failOnce(job, moment);
            }
            feeder.finish();
            awaitNoneIsMissing(job);
        }
    }

    @Test
    void nothingIsLostWhenTheEnumeratorFails() throws Exception {
        try (Feeder feeder = Feeder.start(rig);
                RunningJob job = RunningJob.startLasting(rig.config("", ROUTES), connectors, 2)) {
            awaitArrivals(job);
            long writers = connectors.writers();
            rig.sls()
                    .faults()
                    .add(Fault.always(new Effect.Refuse(503, "ServerBusy", "busy", Effect.Moment.BEFORE))
                            .on(Operation.LIST_SHARDS));
            job.awaitWhileRunning(
                    "the restart", any -> assertThat(connectors.writers()).isGreaterThan(writers));
            rig.sls().faults().clear();
            rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), 0);
            awaitArrivals(job);
            feeder.finish();
            awaitNoneIsMissing(job);
        }
    }

    /** Splits end shards at any moment between two of the checkpoints, and failures go back to any of these. */
    @Test
    void shardsThatEndAroundCheckpointsAndFailuresAreNeverLost() throws Exception {
        try (Feeder feeder = Feeder.start(rig);
                RunningJob job = RunningJob.startLasting(rig.config("", ROUTES), connectors, 3)) {
            for (int round = 0; round < 10; round++) {
                awaitArrivals(job);
                rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), rig.firstWritableShard());
                failOnce(job, round % 2 == 0 ? Moment.BEFORE_WRITE : Moment.AFTER_FLUSH);
                if (round % 3 == 0) {
                    rig.sls().merge(Rig.PROJECT, Rig.SOURCE.logstore(), rig.firstWritableShard());
                }
            }
            feeder.finish();
            awaitNoneIsMissing(job);
        }
    }

    @Test
    void goesOnFromASavepointAtAnyParallelismWithoutLossAndWithoutRepeat() throws Exception {
        try (Feeder feeder = Feeder.start(rig)) {
            String savepoint;
            try (RunningJob job = RunningJob.start(rig.config("", ROUTES), 2)) {
                awaitArrivals(job);
                savepoint = job.stopWithSavepoint(rig.folder());
            }
            for (int parallelism : new int[] {4, 1, 3}) {
                rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), rig.firstWritableShard());
                try (RunningJob job = RunningJob.restore(rig.config("", ROUTES), parallelism, savepoint)) {
                    awaitArrivals(job);
                    savepoint = job.stopWithSavepoint(rig.folder());
                }
            }
            feeder.finish();
            try (RunningJob job = RunningJob.restore(rig.config("", ROUTES), 2, savepoint)) {
                job.awaitWhileRunning("the rest", any -> Rig.assertExact(found()));
            }
        }
        assertThat(found().groups()).isGreaterThan(100);
    }

    /** D4: groups that are under way between the tasks are part of such checkpoints, and go by the rules of the restored job. */
    @Test
    void nothingIsLostWhenUnalignedCheckpointsWithGroupsInFlightAreRestoredAtOtherParallelisms() throws Exception {
        Path checkpoints = rig.folder().resolve("checkpoints");
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Delay(Duration.ofMillis(10)))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("all"));
        // The writers hold few groups and send one after the other, so that many more wait between the tasks.
        String slow = "batching: false, max-in-flight-requests: 1, max-buffered: 4KiB, compression: ";
        Path newest = null;
        for (int parallelism : new int[] {2, 4, 1, 3}) {
            // Groups in flight are packed in one way, and the restored job packs in the other one.
            rig.settings("all", slow + (parallelism > 2 ? "lz4" : "zstd"));
            rig.writeToAll("before " + parallelism, 250, "key-a", "key-b", "key-c");
            long before = arrived();
            String routes = parallelism % 2 == 0 ? ROUTES : OTHER_ROUTES;
            RunningJob job = RunningJob.startUnaligned(rig.config("", routes), parallelism, checkpoints, newest);
            try (job) {
                job.awaitWhileRunning("arrivals", any -> assertThat(arrived()).isGreaterThan(before + 50));
                job.awaitWhileRunning("a checkpoint", any -> assertThat(any.newestCheckpoint(checkpoints))
                        .isPresent());
            }
            newest = job.newestCheckpoint(checkpoints).orElseThrow();
            assertThat(bytesInFlight(newest))
                    .as("groups in flight in " + newest)
                    .isGreaterThan(1_000);
        }
        rig.sls().faults().clear();
        rig.settings("all", "batching: true");
        try (RunningJob job = RunningJob.startUnaligned(rig.config("", ROUTES), 2, checkpoints, newest)) {
            awaitNoneIsMissing(job);
        }
        assertThat(found().groups()).isEqualTo(4 * 4 * 250);
    }

    /** How much a checkpoint holds of what was under way between the tasks. */
    private static long bytesInFlight(Path checkpoint) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(checkpoint.resolve("_metadata")))) {
            return Checkpoints.loadCheckpointMetadata(in, RecoveryE2eTest.class.getClassLoader(), checkpoint.toString())
                    .getOperatorStates()
                    .stream()
                    .flatMap(operator -> operator.getStates().stream())
                    .mapToLong(subtask -> subtask.getInputChannelState().getStateSize()
                            + subtask.getResultSubpartitionState().getStateSize())
                    .sum();
        }
    }

    /** E7: with the sequence ids of one lane in two hands, what the second of them writes would be refused as a repeat. */
    @Test
    void cloneThatIsRestoredBesideTheJobWritesToTheSameLanesAndNothingIsTakenForARepeat() throws Exception {
        String routes = ROUTES + "defaults: {ordered: true}\n";
        try (Feeder feeder = Feeder.start(rig)) {
            String savepoint;
            try (RunningJob job = RunningJob.start(rig.config("", routes), 2)) {
                awaitArrivals(job);
                savepoint = job.stopWithSavepoint(rig.folder());
            }
            int before = rig.entries("all").size();
            try (RunningJob job = RunningJob.restore(rig.config("", routes), 2, savepoint);
                    RunningJob clone = RunningJob.restore(rig.config("", routes), 1, savepoint)) {
                awaitArrivals(job);
                feeder.finish();
                long since = feeder.written() - before;
                clone.awaitWhileRunning(
                        "everything since the savepoint from both",
                        any -> assertThat(rig.entries("all")).hasSize(Math.toIntExact(before + 2 * since)));
                awaitNoneIsMissing(job);
                assertThat(found().duplicated()).isEqualTo(since);
            }
        }
    }

    private void failOnce(RunningJob job, Moment moment) {
        long before = connectors.failures();
        connectors.failAt(moment);
        job.awaitWhileRunning(
                "the failure", any -> assertThat(connectors.failures()).isGreaterThan(before));
    }

    /** Waits until groups arrive that were not there yet. */
    private void awaitArrivals(RunningJob job) throws IOException {
        long before = arrived();
        job.awaitWhileRunning("more arrivals", any -> assertThat(arrived()).isGreaterThan(before + 50));
    }

    private long arrived() throws IOException {
        return rig.entries("all").stream().map(LedgerEntry::digest).distinct().count();
    }

    private void awaitNoneIsMissing(RunningJob job) {
        job.awaitWhileRunning("the rest", any -> Rig.assertNoneIsMissing(found()));
    }

    private Reconciliation found() throws IOException {
        return rig.reconcile(topic -> Set.of("all"));
    }
}
