package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.job.topology.SlsConnectors;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.Moment;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.service.RequestLog;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway or proxy between the job and its target refuses requests or changes answers, so that they prove nothing. */
@OnMiniCluster
class GatewayE2eTest {

    private static final String TARGET = "target";
    private static final Effect UNKNOWN = new Effect.Refuse(400, "SomethingNew", "unheard of", Moment.BEFORE);
    private static final String ROUTES = """
            routes:
              - {topic: good, to: target}
              - {topic: bad, to: target}
            default-route: fail
            defaults:
              retry: {initial-backoff: 10ms, max-backoff: 100ms, grace: %s}
              dead-letter: {logstore: dead-letters}
            """;

    @WithLogstores(sourceShards = 2, targets = TARGET)
    private Rig rig;

    @BeforeEach
    void startSls() throws IOException {
        rig.sls().createLogstore(Rig.PROJECT, Letters.LOGSTORE.logstore(), 1);
    }

    @Test
    void aGatewayThatKnowsNoListsGetsSingleGroupsAndFewListsMore() throws Exception {
        strike(new Effect.Answer(501, "text/html", "<h1>Not Implemented</h1>"), fault -> fault.forLists(true));
        rig.writeToAll("some", 300, "good", "bad");

        try (RunningJob job = start("10s")) {
            job.awaitWhileRunning("all", any -> Rig.assertExact(rig.reconcile(topic -> Set.of(TARGET))));
        }
        assertThat(results()).filteredOn("OK"::equals).hasSize(600);
        assertThat(results()).filteredOn(result -> !result.equals("OK")).hasSizeBetween(4, 60);
    }

    @Test
    void aCodeAboutTheRequestDropsNothing() throws Exception {
        rig.settings(TARGET, "on-reject: drop");
        strike(new Effect.Refuse(400, "InvalidHost", "this host", Moment.BEFORE), fault -> fault.times(30));
        rig.writeToAll("some", 100, "good", "bad");

        try (RunningJob job = start("30s")) {
            job.awaitWhileRunning("all", any -> Rig.assertExact(rig.reconcile(topic -> Set.of(TARGET))));
        }
    }

    @Test
    void anUnknownCodeForTheGroupsOfOneTopicRejectsThese() throws Exception {
        rig.settings(TARGET, "on-reject: dead-letter");
        strike(UNKNOWN, fault -> fault.forTopic("bad"));
        rig.writeToAll("some", 40, "good", "good", "good", "bad");

        try (RunningJob job = startLasting("1s")) {
            job.awaitWhileRunning("the good ones", any -> assertThat(digests("good", rig.entries(TARGET)))
                    .isEqualTo(digests("good", rig.entries(Rig.SOURCE.logstore()))));
            // Contrast needs groups that are accepted meanwhile.
            job.awaitWhileRunning("the bad ones", any -> {
                rig.writeToAll("more " + System.nanoTime(), 1, "good");
                assertThat(letters()).isEqualTo(texts(digests("bad", rig.entries(Rig.SOURCE.logstore()))));
            });
            job.awaitWhileRunning("all good ones", any -> assertThat(digests("good", rig.entries(TARGET)))
                    .isEqualTo(digests("good", rig.entries(Rig.SOURCE.logstore()))));
        }
    }

    @Test
    void anUnknownCodeForAllGroupsFailsTheJobAndDropsNothing() throws Exception {
        rig.settings(TARGET, "on-reject: drop");
        strike(UNKNOWN, fault -> fault);
        rig.writeToAll("some", 40, "good", "bad");

        try (RunningJob job = start("1s")) {
            assertThatThrownBy(job::awaitEnd)
                    .hasStackTraceContaining("target 'target'")
                    .hasStackTraceContaining("retry.codes-about-group")
                    .hasStackTraceContaining("SomethingNew");
        }
        assertThat(rig.entries(TARGET)).isEmpty();
    }

    /** Of the one topic nothing else can be accepted before the group that is refused. */
    @Test
    void anOrderedTargetWithOneTopicNeitherRejectsWithoutProofNorWaitsWithoutEnd() throws Exception {
        rig.settings(TARGET, "ordered: true, on-reject: drop");
        rig.write(0, TestGroups.group("good", "first"));
        byte[] bad = TestGroups.group("good", "bad");
        rig.write(0, bad);
        for (int i = 0; i < 20; i++) {
            rig.write(0, TestGroups.group("good", "later " + i));
        }
        strike(UNKNOWN, fault -> fault.forGroup(GroupDigest.of(bad)));

        try (RunningJob job = start("1s")) {
            assertThatThrownBy(job::awaitEnd)
                    .hasStackTraceContaining("retry.codes-about-group")
                    .hasStackTraceContaining("SomethingNew");
        }
        assertThat(rig.entries(TARGET)).hasSize(1);
    }

    /** A checkpoint that waits for the group lets no others pass; after a restart they are there with it. */
    @Test
    void anOrderedTargetRejectsOneGroupOnceAnotherTopicShowsThatItIsThat() throws Exception {
        rig.settings(TARGET, "ordered: true, on-reject: dead-letter");
        byte[] bad = TestGroups.group("good", "bad");
        rig.write(0, bad);
        rig.write(0, TestGroups.group("good", "later"));
        strike(UNKNOWN, fault -> fault.forGroup(GroupDigest.of(bad)));

        try (RunningJob job = startLasting("1s")) {
            job.awaitWhileRunning("the dead letter", any -> {
                rig.write(1, TestGroups.group("bad", "more " + System.nanoTime()));
                assertThat(letters()).containsExactly(GroupDigest.of(bad).toString());
            });
            job.awaitWhileRunning("what was behind it", any -> assertThat(digests("good", rig.entries(TARGET)))
                    .hasSize(1));
        }
    }

    /** No part of it passes a body limit of the gateway, but the service would take it. */
    @Test
    void aLogThatOnlyTheGatewayFindsTooLargeIsNotDropped() throws Exception {
        rig.settings(TARGET, "on-reject: drop");
        byte[] large = TestGroups.group("good", "x".repeat(100_000));
        rig.write(0, large);
        strike(
                new Effect.Answer(413, "text/html", "<h1>Request Entity Too Large</h1>"),
                fault -> fault.forGroup(GroupDigest.of(large)));

        try (RunningJob job = start("1s")) {
            assertThatThrownBy(job::awaitEnd)
                    .hasStackTraceContaining("a proxy or gateway in between rejects a body of this size");
        }
        assertThat(rig.entries(TARGET)).isEmpty();
    }

    @Test
    void successesWithoutRequestIdFailTheJobAfterThree() throws Exception {
        strike(new Effect.Header("x-log-requestid", null), fault -> fault);
        rig.write(0, TestGroups.group("good", "one"));
        rig.write(0, TestGroups.group("good", "two"));
        rig.write(0, TestGroups.group("bad", "three"));

        try (RunningJob job = start("60s")) {
            assertThatThrownBy(job::awaitEnd)
                    .hasStackTraceContaining("target 'target' (e2e-project/target) answered 3 puts in a row")
                    .hasStackTraceContaining("x-log-requestid")
                    .hasStackTraceContaining("keep all x-log-* response headers");
        }
        assertThat(results()).hasSizeLessThanOrEqualTo(6);
    }

    private interface Narrowing {
        Fault of(Fault fault);
    }

    private void strike(Effect effect, Narrowing narrowing) {
        rig.sls()
                .faults()
                .add(narrowing.of(Fault.always(effect).on(Operation.PUT_LOGS).inLogstore(TARGET)));
    }

    private RunningJob start(String grace) throws Exception {
        return RunningJob.start(rig.config("", ROUTES.formatted(grace)), 1);
    }

    private RunningJob startLasting(String grace) throws Exception {
        return RunningJob.startLasting(rig.config("", ROUTES.formatted(grace)), new SlsConnectors(), 1);
    }

    /** What became of the puts to the target. */
    private List<String> results() {
        return rig.sls().requests().entries().stream()
                .filter(entry -> entry.operation().equals("PostLogStoreLogs")
                        || entry.operation().equals("PutLogs"))
                .filter(entry -> entry.logstore().equals(TARGET))
                .map(RequestLog.Entry::result)
                .toList();
    }

    private static Set<GroupDigest> digests(String topic, List<LedgerEntry> entries) {
        return entries.stream()
                .filter(entry -> entry.topic().equals(topic))
                .map(LedgerEntry::digest)
                .collect(Collectors.toSet());
    }

    private static Set<String> texts(Set<GroupDigest> digests) {
        return digests.stream().map(GroupDigest::toString).collect(Collectors.toSet());
    }

    private Set<String> letters() throws IOException {
        Set<String> digests = new TreeSet<>();
        try (SlsClient client = rig.client()) {
            Iterator<LedgerEntry> entries =
                    new LetterBox(client, Letters.LOGSTORE).of(TARGET).entries();
            entries.forEachRemaining(entry -> digests.add(entry.digest().toString()));
        }
        return digests;
    }
}
