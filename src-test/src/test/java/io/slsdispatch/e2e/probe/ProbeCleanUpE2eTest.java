package io.slsdispatch.e2e.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.wire.FieldWriter;
import io.slsdispatch.job.probe.Findings;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.service.RequestLog;
import io.slsdispatch.local.wire.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a probe leaves behind, and what it leaves alone. */
class ProbeCleanUpE2eTest {

    private static final String LEFTOVER = "sls-dispatch-probe-20261101120000-0a1b2c3d-1";
    private static final int MOMENTS = 10;

    @TempDir
    private Path folder;

    @Test
    void anInterruptionAtAnyMomentLeavesNothing() throws Exception {
        int requests = requestsOfAWholeProbe();
        assertThat(requests).isGreaterThan(100).isLessThan(3000);
        for (int moment = 1; moment <= MOMENTS; moment++) {
            try (ProbeRig rig = new ProbeRig(folder)) {
                rig.interruptAfter(requests * moment / (MOMENTS + 1));
                Findings findings = rig.probe();

                assertThat(rig.left()).as("left after moment %d", moment).isEmpty();
                assertThat(findings.isAsAssumed()).isFalse();
                assertThat(findings.text()).contains("interrupted");
            }
        }
    }

    private int requestsOfAWholeProbe() throws Exception {
        try (ProbeRig rig = new ProbeRig(folder)) {
            rig.probe();
            return rig.requests();
        }
    }

    @Test
    void withoutThePermissionToCreateALogstoreWritesAreNotProbed() throws Exception {
        try (ProbeRig rig = new ProbeRig(folder)) {
            rig.sls()
                    .faults()
                    .add(Fault.always(new Effect.Refuse(401, "Unauthorized", "denied by RAM", Effect.Moment.BEFORE))
                            .on(Operation.CREATE_LOGSTORE));
            Findings findings = rig.probe();

            assertThat(findings.text()).contains("no permission for CreateLogStore");
            assertThat(findings.differing()).contains("cut-blocks").doesNotContain("cursor-form");
            assertThat(rig.left()).isEmpty();
        }
    }

    @Test
    void aDeletionThatFailsAtFirstIsRepeatedAndOneThatIsDeniedIsReported() throws Exception {
        try (ProbeRig rig = new ProbeRig(folder)) {
            rig.sls()
                    .faults()
                    .add(Fault.always(new Effect.Refuse(500, "InternalServerError", "", Effect.Moment.BEFORE))
                            .on(Operation.DELETE_LOGSTORE)
                            .times(3));
            rig.probe();
            assertThat(rig.left()).isEmpty();

            rig.sls()
                    .faults()
                    .add(Fault.always(new Effect.Refuse(401, "Unauthorized", "denied", Effect.Moment.BEFORE))
                            .on(Operation.DELETE_LOGSTORE));
            rig.probe();
            assertThat(rig.left()).hasSize(3);
            assertThat(rig.said).anyMatch(line -> line.contains(rig.left().get(0)) && line.contains("delete it"));
        }
    }

    @Test
    void aLeftoverOfYesterdayIsDeletedAndWhatOnlyLooksLikeOneIsLeftAlone() throws Exception {
        AtomicReference<Duration> back = new AtomicReference<>(Duration.ofHours(25));
        InstantSource clock = () -> InstantSource.system().instant().minus(back.get());
        try (ProbeRig rig = new ProbeRig(folder, clock, Map.of())) {
            leftover(rig, LEFTOVER, LEFTOVER);
            String foreign = LEFTOVER.replace("0a1b", "ffff");
            leftover(rig, foreign, "a log of others");
            leftover(rig, LEFTOVER + "0", LEFTOVER + "0");
            back.set(Duration.ofHours(1));
            String young = LEFTOVER.replace("0a1b", "eeee");
            leftover(rig, young, young);
            back.set(Duration.ZERO);

            Findings findings = rig.probe();

            assertThat(findings.differing()).isEmpty();
            assertThat(rig.left()).containsExactlyInAnyOrder(foreign, LEFTOVER + "0", young);
            assertThat(rig.said).anyMatch(line -> line.contains(foreign) && line.contains("left alone"));
        }
    }

    private static void leftover(ProbeRig rig, String name, String text) {
        rig.sls().createLogstore(ProbeRig.SCRATCH, name, 1);
        byte[] content =
                new FieldWriter(64).text(1, "sls-dispatch-probe").text(2, text).toBytes();
        byte[] log = new FieldWriter(64).number(1, 1).bytes(2, content).toBytes();
        rig.sls()
                .put(
                        ProbeRig.SCRATCH,
                        name,
                        0,
                        new FieldWriter(64)
                                .bytes(1, log)
                                .text(3, "sls-dispatch-probe")
                                .toBytes());
    }

    /** By operation, the action that RAM asks for ("Action list"). */
    private static final Map<String, String> ACTIONS = Map.ofEntries(
            Map.entry("CreateLogStore", "log:CreateLogStore"),
            Map.entry("DeleteLogStore", "log:DeleteLogStore"),
            Map.entry("GetLogStore", "log:GetLogStore"),
            Map.entry("ListLogStores", "log:ListLogStores"),
            Map.entry("ListShards", "log:ListShards"),
            Map.entry("SplitShard", "log:SplitShard"),
            Map.entry("MergeShards", "log:MergeShards"),
            Map.entry("GetCursor", "log:GetCursorOrData"),
            Map.entry("PullLogs", "log:GetCursorOrData"),
            Map.entry("PutLogs", "log:PostLogStoreLogs"),
            Map.entry("CreateConsumerGroup", "log:CreateConsumerGroup"),
            Map.entry("ConsumerGroupUpdateCheckPoint", "log:ConsumerGroupUpdateCheckPoint"));

    @Test
    void thePolicyAllowsWhatAProbeAsksForAndNothingElse() throws Exception {
        AtomicReference<Duration> back = new AtomicReference<>(Duration.ofHours(25));
        InstantSource clock = () -> InstantSource.system().instant().minus(back.get());
        try (ProbeRig rig = new ProbeRig(folder, clock, Map.of())) {
            leftover(rig, LEFTOVER, LEFTOVER);
            back.set(Duration.ZERO);
            rig.probe();

            Set<String> asked = new TreeSet<>();
            Set<String> logstores = new TreeSet<>();
            for (RequestLog.Entry entry : rig.sls().requests().entries()) {
                if (entry.project().equals(ProbeRig.SCRATCH)) {
                    asked.add(ACTIONS.getOrDefault(entry.operation(), entry.operation()));
                    logstores.add(entry.logstore().replaceAll("^sls-dispatch-probe-.+", "sls-dispatch-probe-*"));
                }
            }
            Set<String> allowed = new TreeSet<>();
            Matcher action = Pattern.compile("log:[A-Z]\\w+")
                    .matcher(Files.readString(Path.of("..", "conf", "ram", "probe.json")));
            while (action.find()) {
                allowed.add(action.group());
            }
            assertThat(asked).isEqualTo(allowed);
            assertThat(logstores)
                    .as("the empty name is that of a listing or creation")
                    .containsExactly("", "sls-dispatch-probe-*");
        }
    }

    @Test
    void twoProbesAtOnceDoNotAffectEachOther() throws Exception {
        try (ProbeRig rig = new ProbeRig(folder)) {
            CompletableFuture<Findings> other = CompletableFuture.supplyAsync(() -> {
                try {
                    return rig.probe(ProbeRig.SCRATCH, Clock.systemUTC(), 2);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Findings mine = rig.probe();

            assertThat(List.of(mine.differing(), other.get().differing())).containsExactly(List.of(), List.of());
            assertThat(rig.left()).isEmpty();
        }
    }

    @Test
    void aServiceThatThrottlesEndsTheProbe() throws Exception {
        try (ProbeRig rig = new ProbeRig(folder)) {
            rig.sls()
                    .faults()
                    .add(Fault.always(new Effect.Refuse(403, "WriteQuotaExceed", "", Effect.Moment.BEFORE))
                            .on(Operation.PUT_LOGS)
                            .skipping(20));
            Findings findings = rig.probe();

            assertThat(findings.text()).contains("the service throttles (WriteQuotaExceed 403)");
            assertThat(rig.left()).isEmpty();
        }
    }

    @Test
    void aNewLogstoreThatTakesNoPutForAMinuteIsWaitedFor() throws Exception {
        try (ProbeRig rig = new ProbeRig(folder)) {
            rig.sls()
                    .faults()
                    .add(Fault.always(new Effect.Refuse(404, "LogStoreNotExist", "", Effect.Moment.BEFORE))
                            .on(Operation.PUT_LOGS)
                            .times(30));
            assertThat(rig.probe().differing()).isEmpty();
        }
    }
}
