package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.CursorOf;
import io.slsdispatch.local.fault.Effect.Spelling;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.wire.Operation;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Splits of which the service's answers tell late, in another spelling, or before the last write is visible. */
@OnMiniCluster
class ClosedShardsE2eTest {

    private static final String ROUTES = "routes: [{topic: t, to: all}]\ndefault-route: fail\n";

    @WithLogstores(sourceShards = 1, targets = "all")
    private Rig rig;

    @Test
    void aSplitJustBeforeTheStopIsReadThoughListingsAreOld() throws Exception {
        rig.discovery("listing-margin: 2s, settle-time: 0s");
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.ShardList(Duration.ofSeconds(1))).on(Operation.LIST_SHARDS));
        rig.writeToAll("before", 3, "t");
        Instant stop = rig.clock().instant().plusSeconds(3).truncatedTo(ChronoUnit.SECONDS);
        try (RunningJob job = RunningJob.start(rig.config("stop: " + stop, ROUTES), 2)) {
            await("the time of the split")
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> !rig.clock().instant().isBefore(stop.minusMillis(300)));
            rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), 0);
            rig.writeToAll("children", 10, "t");
            job.awaitEnd();
        }
        Predicate<LedgerEntry> before = entry -> entry.receivedMillis() < stop.toEpochMilli();
        Rig.assertExact(rig.reconcile(before, topic -> Set.of("all")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aSplitJustBeforeARunThatStopsNowIsReadThoughListingsAreOld(int generations) throws Exception {
        rig.discovery("listing-margin: 2s, settle-time: 0s");
        rig.writeToAll("before", 3, "t");
        // As old as that, listings show the parent alone; the shard itself is as old as the logstore.
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.ShardList(Duration.ofSeconds(1))).on(Operation.LIST_SHARDS));
        for (int generation = 0; generation < generations; generation++) {
            rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), rig.firstWritableShard());
            rig.writeToAll("generation " + generation, 5, "t");
        }
        RunningJob.run(rig.config("stop: now", ROUTES), 2);

        Rig.assertExact(rig.reconcile(topic -> Set.of("all")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void aWriteThatBecomesVisibleAfterTheSplitIsRead(String ordered) throws Exception {
        rig.discovery("settle-time: 1500ms");
        rig.writeToAll("before", 3, "t");
        try (SlsClient client = rig.client();
                RunningJob job =
                        RunningJob.start(rig.config("", ROUTES + "defaults: {ordered: " + ordered + "}\n"), 2)) {
            awaitExact(job);
            rig.sls()
                    .faults()
                    .add(Fault.always(new Effect.LateWrite(Duration.ofMillis(300)))
                            .on(Operation.PUT_LOGS)
                            .inLogstore(Rig.SOURCE.logstore()));
            byte[] group = TestGroups.group("t", "late");
            client.put(new PutRequest(
                            Rig.SOURCE, List.of(new RawLogGroup(group, 0, group.length, "t", 0, "", 0)), null))
                    .get(1, TimeUnit.MINUTES);
            rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), 0);
            rig.writeToAll("children", 3, "t");
            await("the late write").until(() -> rig.sls().lateWrites() == 0);
            awaitExact(job);
        }
        assertThat(rig.entries("all")).hasSize(3 + 1 + 2 * 3);
    }

    static Stream<Effect.Cursor> cursors() {
        return Stream.of(
                new Effect.Cursor(CursorOf.END, 1, Spelling.USUAL),
                new Effect.Cursor(CursorOf.END, 0, Spelling.UNPADDED),
                new Effect.Cursor(CursorOf.END, 0, Spelling.NEWLINE),
                new Effect.Cursor(CursorOf.BEGIN, 0, Spelling.NEWLINE),
                new Effect.Cursor(CursorOf.PULL, 0, Spelling.UNPADDED),
                new Effect.Cursor(CursorOf.END, 3, Spelling.UNPADDED));
    }

    @ParameterizedTest
    @MethodSource("cursors")
    void childrenAreReadHoweverTheEndOfTheirParentIsAnswered(Effect.Cursor effect) throws Exception {
        rig.discovery("settle-time: 300ms");
        rig.sls().faults().add(Fault.always(effect));
        rig.writeToAll("before", 5, "t");
        try (RunningJob job = RunningJob.start(rig.config("consumer-group: g", ROUTES), 2)) {
            awaitExact(job);
            rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), 0);
            rig.writeToAll("children", 5, "t");
            awaitExact(job);
            String savepoint = job.stopWithSavepoint(rig.folder());
            rig.writeToAll("more", 5, "t");
            try (RunningJob next = RunningJob.restore(rig.config("consumer-group: g", ROUTES), 2, savepoint)) {
                awaitExact(next);
            }
        }
        assertThat(rig.entries("all")).hasSize(5 + 2 * 10);
    }

    /** Each pull after such an answer would bring groups of it again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3})
    void nextCursorsThatAreBehindTheGroupsRepeatNothing(long behind) throws Exception {
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Cursor(CursorOf.PULL, behind, Spelling.USUAL))
                        .times(2));
        rig.writeToAll("first", 5, "t");
        try (RunningJob job = RunningJob.start(rig.config("", ROUTES), 2)) {
            awaitExact(job);
            rig.writeToAll("second", 5, "t");
            awaitExact(job);
        }
    }

    private void awaitExact(RunningJob job) {
        job.awaitWhileRunning("all groups", any -> Rig.assertExact(rig.reconcile(topic -> Set.of("all"))));
    }
}
