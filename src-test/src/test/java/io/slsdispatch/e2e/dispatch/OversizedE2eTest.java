package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.openservices.log.common.Logs;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.local.RemoteSlsLocal;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.Reconciler;
import io.slsdispatch.local.ledger.Reconciliation;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups that are larger than the service takes: they get into the source, and are compared, over HTTP alone. */
@OnMiniCluster
class OversizedE2eTest {

    private static final LogstoreId DEAD_LETTERS = new LogstoreId(Rig.PROJECT, "dead-letters");
    private static final String ROUTES = """
            routes:
              - {topic: both, to: [one, two]}
              - {topic: one, to: one}
            default-route: fail
            """;

    @WithLogstores(
            sourceShards = 2,
            targets = {"one", "two"})
    private Rig rig;

    private RemoteSlsLocal service;

    @BeforeEach
    void startSls() throws IOException {
        rig.sls().createLogstore(Rig.PROJECT, DEAD_LETTERS.logstore(), 1);
        service = new RemoteSlsLocal(URI.create(rig.sls().endpoint()));
    }

    @Test
    void reachTheirTargetsInPartsAndNoneIsLostOrRepeated() throws Exception {
        append(0, group("both", 1, 12, 1_000_000));
        append(1, group("one", 2, 45, 400_000));
        append(0, group("one", 3, 6, 100));

        RunningJob.run(rig.config("stop: now", ROUTES), 2);

        Reconciliation found = reconciler().compare();
        Rig.assertExact(found);
        assertThat(found.groups()).isEqualTo(3);
        assertThat(found.targets()).extracting(Reconciliation.Target::expected).containsExactly(3L, 1L);
        // 12 logs of 1 MB are three parts; 45 of 400 KB are four, and the small group is one.
        assertThat(found.targets()).extracting(Reconciliation.Target::arrived).containsExactly(3L + 4 + 1, 3L);
    }

    @Test
    void repeatsOfSomePartsAreRepeatsAndNoLoss() throws Exception {
        append(0, group("both", 1, 12, 1_000_000));
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Reset(Effect.Moment.AFTER))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("one")
                        .times(2));

        RunningJob.run(rig.config("stop: now", ROUTES), 2);

        Reconciliation found = reconciler().compare();
        Rig.assertNoneIsMissing(found);
        assertThat(found.duplicated()).isEqualTo(2);
    }

    @Test
    void partsThatNoTargetTakesAreAmongTheDeadLetters() throws Exception {
        Logs.LogGroup.Builder group = group("one", 1, 2, 1_000).toBuilder();
        group.addLogs(1, log(9, 12_000_000));
        append(0, group.build());

        RunningJob.run(
                rig.config(
                        "stop: now",
                        ROUTES + "defaults: {on-reject: dead-letter, dead-letter: {logstore: dead-letters}}\n"),
                1);

        try (SlsClient client = rig.client()) {
            Reconciliation found = reconciler()
                    .deadLetters(new LetterBox(client, DEAD_LETTERS).of("one"), "one")
                    .compare();
            Rig.assertExact(found);
            assertThat(found.deadLettered()).isEqualTo(1);
            assertThat(found.targets().get(0).arrived()).isEqualTo(2);
        }
    }

    @Test
    void partsOfGroupsThatATargetRefusesThoughTheyAreSmallAreKnown() throws Exception {
        append(0, group("both", 1, 24, 1_000));
        append(1, group("both", 2, 26, 3_000));
        append(0, group("one", 3, 30, 100));
        // Two refusals leave no part of a single log behind that is refused: the half of an even number is more.
        rig.settings("one", "batching: false");
        refuseAsTooLarge("one", 2);

        RunningJob.run(rig.config("stop: now", ROUTES), 2);

        Reconciliation found = reconciler().compare();
        Rig.assertExact(found);
        assertThat(found.targets()).extracting(Reconciliation.Target::expected).containsExactly(3L, 2L);
        assertThat(found.targets().get(0).arrived()).as("arrivals in parts").isGreaterThan(3);
        assertThat(found.targets().get(1).arrived()).isEqualTo(2);
    }

    @Test
    void partOfARefusedGroupThatIsMissingMakesItLost() throws Exception {
        append(0, group("one", 1, 24, 1_000));
        refuseAsTooLarge("one", 1);
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(400, "PostBodyInvalid", "never", Effect.Moment.BEFORE))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("one")
                        .skipping(1)
                        .times(1));
        rig.settings("one", "batching: false");

        RunningJob.run(rig.config("stop: now", ROUTES + "defaults: {on-reject: drop}\n"), 2);

        assertThat(reconciler().compare()).hasToString("lost=1 duplicated=0 misrouted=0 altered=0");
    }

    @Test
    void groupsThatATargetRefusesDownToTheSingleLogAreAmongTheDeadLettersInParts() throws Exception {
        append(0, group("both", 1, 6, 1_000));
        append(1, group("one", 2, 3, 100));
        refuseAsTooLarge("one", Long.MAX_VALUE);

        RunningJob.run(
                rig.config(
                        "stop: now",
                        ROUTES + "defaults: {on-reject: dead-letter, dead-letter: {logstore: dead-letters}}\n"),
                2);

        try (SlsClient client = rig.client()) {
            Reconciliation found = reconciler()
                    .deadLetters(new LetterBox(client, DEAD_LETTERS).of("one"), "one")
                    .compare();
            Rig.assertExact(found);
            assertThat(found.deadLettered()).isEqualTo(2);
            assertThat(found.deadLetters().get(0).arrived()).as("single logs").isEqualTo(6 + 3);
            assertThat(found.targets().get(0).arrived()).isZero();
        }
    }

    private void refuseAsTooLarge(String target, long times) {
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(413, "PostBodyTooLarge", "too much", Effect.Moment.BEFORE))
                        .on(Operation.PUT_LOGS)
                        .inLogstore(target)
                        .times(times));
    }

    private Reconciler reconciler() {
        Set<String> both = Set.of("one", "two");
        return Reconciler.of(
                        service.ledger(Rig.PROJECT, Rig.SOURCE.logstore()),
                        topic -> topic.equals("both") ? both : Set.of(topic))
                .target("one", service.ledger(Rig.PROJECT, "one"))
                .target("two", service.ledger(Rig.PROJECT, "two"));
    }

    private void append(int shard, Logs.LogGroup group) throws IOException {
        service.happen(Map.of(
                "effect",
                "append",
                "project",
                Rig.PROJECT,
                "logstore",
                Rig.SOURCE.logstore(),
                "shard",
                shard,
                "group",
                Base64.getEncoder().encodeToString(group.toByteArray())));
    }

    private static Logs.LogGroup group(String topic, int number, int count, int bytes) {
        Logs.LogGroup.Builder group = Logs.LogGroup.newBuilder()
                .setTopic(topic)
                .setSource("10.0.0." + number)
                .addLogTags(Logs.LogTag.newBuilder().setKey("__path__").setValue("/var/log/" + number));
        for (int i = 0; i < count; i++) {
            group.addLogs(log(i, bytes));
        }
        return group.build();
    }

    private static Logs.Log log(int number, int bytes) {
        return Logs.Log.newBuilder()
                .setTime(1_700_000_000 + number)
                .addContents(Logs.Log.Content.newBuilder().setKey("text").setValue("x".repeat(bytes)))
                .build();
    }
}
