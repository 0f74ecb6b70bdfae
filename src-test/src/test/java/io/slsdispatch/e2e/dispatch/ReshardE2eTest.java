package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.local.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards that are split and merged while they are read. */
class ReshardE2eTest {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = Clusters.small();

    private static final String ROUTES = """
            routes:
              - {topic: {prefix: key-}, to: all}
            default-route: fail
            """;

    @TempDir
    private Path folder;

    private Rig rig;

    @BeforeEach
    void startSls() throws IOException {
        rig = new Rig(folder, 2, 1, "all");
    }

    @AfterEach
    void stopSls() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void nothingIsLostOrRepeatedWhileShardsAreSplitAndMergedUnderLoad(int parallelism) throws Exception {
        try (Feeder feeder = Feeder.start(rig);
                RunningJob job = RunningJob.start(rig.config("", ROUTES), parallelism)) {
            reshardUnderLoad(job, feeder);
            feeder.finish();

            awaitAllDelivered(job);
        }
        assertThat(rig.entries(Rig.SOURCE.logstore()).stream()
                        .map(LedgerEntry::shard)
                        .distinct()
                        .count())
                .as("shards with groups")
                .isGreaterThan(6);
    }

    @Test
    void groupsOfEachHashKeyLeaveTheSourceInTheirOrderThroughSplitsAndMerges() throws Exception {
        WatchedEnds ends = new WatchedEnds();
        try (Feeder feeder = Feeder.start(rig);
                RunningJob job = RunningJob.startLasting(rig.config("", ROUTES), ends, 1)) {
            reshardUnderLoad(job, feeder);
            feeder.finish();

            awaitAllDelivered(job);
            assertThat(ends.arrivals()).hasSize((int) feeder.written());
            assertThat(feeder.outOfOrder(ends.arrivals())).isEmpty();
        }
    }

    @Test
    void orderedTargetKeepsTheOrderOfEachShardAndTopicWhileShardsAreSplitAndMerged() throws Exception {
        String ordered = "defaults: {ordered: true}\n";
        try (Feeder feeder = Feeder.start(rig);
                RunningJob job = RunningJob.start(rig.config("", ROUTES + ordered), 3)) {
            reshardUnderLoad(job, feeder);
            feeder.finish();

            awaitAllDelivered(job);
            assertThat(rig.reconcile(topic -> Set.of("all")).reordered()).isZero();
        }
    }

    /** Three times splits the shard at the beginning of the ring, and merges the first of its parts with the next. */
    private void reshardUnderLoad(RunningJob job, Feeder feeder) {
        for (int round = 0; round < 3; round++) {
            awaitMore(job, feeder);
            rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), rig.firstWritableShard());
            awaitMore(job, feeder);
            rig.sls().merge(Rig.PROJECT, Rig.SOURCE.logstore(), rig.firstWritableShard());
        }
        awaitMore(job, feeder);
    }

    private static void awaitMore(RunningJob job, Feeder feeder) {
        long before = feeder.written();
        job.awaitWhileRunning("more groups", any -> assertThat(feeder.written()).isGreaterThan(before + 100));
    }

    private void awaitAllDelivered(RunningJob job) {
        job.awaitWhileRunning("the rest", any -> Rig.assertExact(rig.reconcile(topic -> Set.of("all"))));
    }
}
