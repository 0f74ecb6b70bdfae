package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.topology.SlsConnectors;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One of two targets is out of order while the job runs. */
@OnMiniCluster
class OutageE2eTest {

    private static final LogstoreId DEAD_LETTERS = new LogstoreId(Rig.PROJECT, "dead-letters");
    private static final String ROUTES = """
            routes:
              - {topic: good, to: good}
              - {topic: bad, to: bad}
            default-route: fail
            """;

    @WithLogstores(
            sourceShards = 2,
            targets = {"good", "bad"})
    private Rig rig;

    @BeforeEach
    void startSls() throws IOException {
        rig.sls().createLogstore(Rig.PROJECT, DEAD_LETTERS.logstore(), 1);
    }

    static Stream<Effect> ways() {
        return Stream.of(
                new Effect.Refuse(403, "ShardWriteQuotaExceed", "too much", Effect.Moment.BEFORE),
                new Effect.Refuse(500, "InternalServerError", "broken", Effect.Moment.BEFORE),
                new Effect.Refuse(404, "LogStoreNotExist", "gone", Effect.Moment.BEFORE),
                new Effect.Refuse(401, "Unauthorized", "wrong key", Effect.Moment.BEFORE),
                new Effect.Reset(Effect.Moment.BEFORE),
                new Effect.Hang(Effect.Moment.BEFORE));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void othersKeepFlowingAndWhatIsMissedIsAmongTheDeadLetters(Effect way) throws Exception {
        strike(way);
        rig.writeToAll("first", 200, "good", "bad");
        // Of the good one a slow machine must not make one that is out.
        rig.settings("bad", "on-outage: dead-letter, outage-after: 500ms, dead-letter: {logstore: dead-letters}");

        try (RunningJob job = RunningJob.start(config(), 2)) {
            awaitAllGoodOnesBesideTheDeadTarget(job);
            job.awaitWhileRunning("dead letters", any -> assertAllOf("bad", deadLetters()));

            rig.sls().faults().clear();
            job.awaitWhileRunning("the target's return", any -> {
                rig.writeToAll("later " + System.nanoTime(), 1, "bad");
                assertThat(arrived("bad")).isNotEmpty();
            });
            job.awaitWhileRunning("the rest", any -> {
                Set<GroupDigest> either = new HashSet<>(arrived("bad"));
                either.addAll(deadLetters());
                assertAllOf("bad", either);
            });
        }
    }

    @Test
    void othersKeepFlowingAndWhatIsMissedIsDroppedIfTold() throws Exception {
        strike(new Effect.Refuse(500, "InternalServerError", "broken", Effect.Moment.BEFORE));
        rig.writeToAll("first", 200, "good", "bad");
        // Of the good one a slow machine must not make one that is out.
        rig.settings("bad", "on-outage: drop, outage-after: 500ms");

        try (RunningJob job = RunningJob.start(config(), 2)) {
            awaitAllGoodOnesBesideTheDeadTarget(job);

            rig.sls().faults().clear();
            job.awaitWhileRunning("the target's return", any -> {
                rig.writeToAll("later " + System.nanoTime(), 1, "bad");
                assertThat(arrived("bad")).isNotEmpty();
            });
        }
    }

    @Test
    void everythingWaitsForTheTargetAndNothingIsMissedUnlessToldOtherwise() throws Exception {
        strike(new Effect.Refuse(500, "InternalServerError", "broken", Effect.Moment.BEFORE));
        rig.writeToAll("first", 500, "good", "bad");

        try (RunningJob job = RunningJob.start(config(), 2)) {
            job.awaitWhileRunning("tries", any -> assertThat(struck()).isGreaterThan(20));
            rig.sls().faults().clear();
            job.awaitWhileRunning("all", any -> Rig.assertExact(rig.reconcile(Set::of)));
        }
    }

    /** E13. */
    @Test
    void stopWithSavepointWhileATargetIsDownFailsCleanlyAndTheJobGoesOn() throws Exception {
        strike(new Effect.Refuse(500, "InternalServerError", "broken", Effect.Moment.BEFORE));
        rig.writeToAll("first", 300, "good", "bad");

        try (RunningJob job = RunningJob.startLasting(config(), new SlsConnectors(), 2)) {
            job.awaitWhileRunning("tries", any -> assertThat(struck()).isGreaterThan(5));

            assertThatThrownBy(() -> job.stopWithSavepoint(rig.folder()))
                    .hasStackTraceContaining("expired before completing");

            rig.sls().faults().clear();
            job.awaitWhileRunning("all", any -> Rig.assertNoneIsMissing(rig.reconcile(Set::of)));
            assertThat(job.stopWithSavepoint(rig.folder())).isNotEmpty();
        }
        Rig.assertNoneIsMissing(rig.reconcile(Set::of));
    }

    /** E13, A11: the target never answers. */
    @Test
    void cancelEndsWhileATargetHangs() throws Exception {
        strike(new Effect.Hang(Effect.Moment.BEFORE));
        rig.writeToAll("first", 300, "good", "bad");

        RunningJob job = RunningJob.start(config(), 2);
        try (job) {
            job.awaitWhileRunning("tries", any -> assertThat(struck()).isPositive());
        }
        assertThat(job.hasEnded()).isTrue();
    }

    /** Groups that come one after the other all get to the good target, while the bad one takes none. */
    private void awaitAllGoodOnesBesideTheDeadTarget(RunningJob job) throws IOException {
        for (int more = 1; more <= 4; more++) {
            job.awaitWhileRunning("the good ones", any -> assertAllOf("good", arrived("good")));
            rig.writeToAll("more " + more, 100, "good", "bad");
        }
        job.awaitWhileRunning("all good ones", any -> assertAllOf("good", arrived("good")));
        assertThat(rig.entries("bad")).as("what the dead target has taken").isEmpty();
    }

    private JobConfig config() throws Exception {
        return rig.config("", ROUTES + """
                checkpoint-timeout: 2s
                defaults:
                  request-timeout: 3s
                  retry: {initial-backoff: 10ms, max-backoff: 200ms}
                """);
    }

    private void strike(Effect effect) {
        rig.sls().faults().add(Fault.always(effect).on(Operation.PUT_LOGS).inLogstore("bad"));
    }

    private long struck() {
        return rig.sls().faults().list().get(0).struck();
    }

    private void assertAllOf(String topic, Set<GroupDigest> there) throws IOException {
        assertThat(there).containsAll(written(topic));
    }

    private Set<GroupDigest> written(String topic) throws IOException {
        return rig.entries(Rig.SOURCE.logstore()).stream()
                .filter(entry -> entry.topic().equals(topic))
                .map(LedgerEntry::digest)
                .collect(Collectors.toSet());
    }

    private Set<GroupDigest> arrived(String target) throws IOException {
        return rig.entries(target).stream().map(LedgerEntry::digest).collect(Collectors.toSet());
    }

    /** The groups that are among the dead letters, as they were. */
    private Set<GroupDigest> deadLetters() throws IOException {
        Set<GroupDigest> found = new HashSet<>();
        try (SlsClient client = rig.client()) {
            new LetterBox(client, DEAD_LETTERS)
                    .of("bad")
                    .entries()
                    .forEachRemaining(letter -> found.add(letter.digest()));
        }
        return found;
    }
}
