package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards that are split and merged while they are read. */
@OnMiniCluster
class ReshardE2eTest {

    private static final String ROUTES = """
            routes:
              - {topic: {prefix: key-}, to: all}
            default-route: fail
            """;

    private static final int TOPICS = 16;

    @WithLogstores(sourceShards = 2, targetShards = 1, targets = "all")
    private Rig rig;

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
        WatchedConnectors connectors = new WatchedConnectors();
        try (Feeder feeder = Feeder.start(rig);
                RunningJob job = RunningJob.startLasting(rig.config("", ROUTES), connectors, 1)) {
            reshardUnderLoad(job, feeder);
            feeder.finish();

            awaitAllDelivered(job);
            assertThat(connectors.arrivals()).hasSize((int) feeder.written());
            assertThat(feeder.outOfOrder(connectors.arrivals())).isEmpty();
        }
    }

    @Test
    void orderedTargetKeepsTheOrderOfEachHashKeyWhileItRefusesAndShardsAreSplitAndMerged() throws Exception {
        String ordered = "defaults: {ordered: true, retry: {initial-backoff: 10ms, max-backoff: 100ms}}\n";
        rig.sls().faults().add(refusing().inLogstore("all").withProbability(0.2));
        try (Feeder feeder = Feeder.start(rig);
                RunningJob job = RunningJob.start(rig.config("", ROUTES + ordered), 3)) {
            reshardUnderLoad(job, feeder);
            feeder.finish();

            awaitAllDelivered(job);
            assertThat(rig.reconcile(topic -> Set.of("all")).reordered()).isZero();
            // The target has one shard.
            assertThat(feeder.outOfOrder(
                            rig.entries("all").stream().map(LedgerEntry::digest).toList()))
                    .isEmpty();
        }
    }

    @Test
    void groupOfAChildNeverArrivesBeforeOneOfItsParentThatAnOrderedTargetRefusesForTheMoment() throws Exception {
        String ordered = "defaults: {ordered: true, retry: {initial-backoff: 10ms, max-backoff: 100ms}}\n";
        int refusing = rig.sls().split(Rig.PROJECT, "all", 0).get(1).id();
        try (RunningJob job = RunningJob.start(rig.config("", ROUTES + ordered), 2)) {
            int parent = rig.firstWritableShard();
            // One of the target's two shards refuses, and about half of the ways to the target lead there.
            rig.sls().faults().add(refusing().inLogstore("all").inShard(refusing));
            writeToEachTopic(parent, "parent");
            rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), parent);
            rig.sls().shards(Rig.PROJECT, Rig.SOURCE.logstore()).stream()
                    .filter(shard -> shard.isReadWrite() && shard.id() > 1)
                    .forEach(child -> writeToEachTopic(child.id(), "child"));
            job.awaitWhileRunning("what can be delivered, and many refusals", any -> {
                assertThat(rig.entries("all")).hasSizeGreaterThan(TOPICS / 4);
                assertThat(rig.sls().faults().list().get(0).struck()).isGreaterThan(100);
            });
            rig.sls().faults().clear();

            awaitAllDelivered(job);
        }
        assertThat(arrivals(shard -> shard <= 1)).hasSize(TOPICS);
        assertThat(arrivals(shard -> shard > 1)).hasSize(2 * TOPICS).allSatisfy(child -> assertThat(child)
                .as("arrival of a child's group, after the last one of its parent")
                .isGreaterThanOrEqualTo(Collections.max(arrivals(shard -> shard <= 1))));
    }

    /** When the groups of some shards of the source arrived at the target, in the target's milliseconds. */
    private List<Long> arrivals(IntPredicate sourceShards) throws IOException {
        Set<GroupDigest> groups = rig.entries(Rig.SOURCE.logstore()).stream()
                .filter(entry -> sourceShards.test(entry.shard()))
                .map(LedgerEntry::digest)
                .collect(Collectors.toSet());
        return rig.entries("all").stream()
                .filter(entry -> groups.contains(entry.digest()))
                .map(LedgerEntry::receivedMillis)
                .toList();
    }

    private static Fault refusing() {
        return Fault.always(new Effect.Refuse(503, "ServerBusy", "as the test wants", Effect.Moment.BEFORE))
                .on(Operation.PUT_LOGS);
    }

    private void writeToEachTopic(int shard, String text) {
        for (int topic = 0; topic < TOPICS; topic++) {
            rig.write(shard, TestGroups.group("key-" + topic, text + " " + shard));
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
