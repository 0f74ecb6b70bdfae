package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that continue from state, or from a consumer group, with a start that was not resolved or a stop that is passed. */
@OnMiniCluster
class ResumedRunE2eTest {

    private static final String ROUTES = "routes: [{topic: t, to: all}]\ndefault-route: fail\n";

    @WithLogstores(sourceShards = 2, targets = "all")
    private Rig rig;

    @BeforeEach
    void startSls() throws IOException {
        rig.discovery("failure-age-limit: 2m, listing-margin: 100ms, settle-time: 0s");
    }

    @ParameterizedTest
    @EnumSource(names = {"LIST_SHARDS", "GET_CURSOR"})
    void whatComesBetweenASavepointAndTheNextSubmissionIsReadThoughNoShardHadAStart(Operation failing)
            throws Exception {
        rig.clock().setBack(Duration.ofMinutes(1));
        rig.writeToAll("before the submission", 3, "t");
        rig.clock().setBack(Duration.ZERO);
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(503, "ServerBusy", "busy", Effect.Moment.BEFORE))
                        .on(failing));
        Instant submission = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String savepoint;
        try (RunningJob job = RunningJob.start(rig.config("start: end", ROUTES), 2)) {
            job.awaitWhileRunning(
                    "a failure",
                    any -> assertThat(rig.sls().faults().list().get(0).struck()).isPositive());
            savepoint = job.stopWithSavepoint(rig.folder());
        }
        rig.writeToAll("between", 5, "t");
        rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), 0);
        rig.writeToAll("between, too", 2, "t");
        rig.sls().faults().clear();
        rig.clock().setBack(Duration.ofMinutes(-1));

        try (RunningJob job = RunningJob.restore(rig.config("start: end", ROUTES), 2, savepoint)) {
            rig.writeToAll("after the restore", 1, "t");
            job.awaitWhileRunning(
                    "all since the first submission",
                    any -> Rig.assertExact(rig.reconcile(since(submission), topic -> Set.of("all"))));
        }
        assertThat(rig.entries("all")).hasSize(2 * 5 + 3 * 2 + 3);
    }

    @Test
    void aRunFromAConsumerGroupAtOrPastItsStopEnds() throws Exception {
        Instant stop = oldAndYoung(5, 5);
        try (SlsClient client = rig.client()) {
            client.createConsumerGroup(Rig.SOURCE, "script");
            String atStop = client.cursor(Rig.SOURCE, 0, new CursorOrigin.At(stop));
            client.commitCursor(Rig.SOURCE, "script", 0, atStop);
            String past = client.cursor(Rig.SOURCE, 1, new CursorOrigin.End());
            client.commitCursor(Rig.SOURCE, "script", 1, past);
        }

        RunningJob.run(rig.config("start: group\nstart-group: script\nstop: " + stop, ROUTES), 2);

        assertThat(rig.entries("all")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSavepointThatIsPastTheStopEnds(boolean now) throws Exception {
        Instant stop = oldAndYoung(5, 5);
        String savepoint;
        try (RunningJob job = RunningJob.start(rig.config("", ROUTES), 2)) {
            job.awaitWhileRunning("all", any -> Rig.assertExact(rig.reconcile(topic -> Set.of("all"))));
            savepoint = job.stopWithSavepoint(rig.folder());
        }

        try (RunningJob job = RunningJob.restore(rig.config("stop: " + (now ? "now" : stop), ROUTES), 2, savepoint)) {
            job.awaitEnd();
        }
        Rig.assertExact(rig.reconcile(topic -> Set.of("all")));
    }

    /** Slow puts and small buffers keep most of a batch in the source while checkpoints are taken. */
    @Test
    void aCheckpointInTheMiddleOfABatchThatReachesPastTheStopEnds() throws Exception {
        Instant stop = oldAndYoung(50, 300);
        Path checkpoints = rig.folder().resolve("checkpoints");
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Delay(Duration.ofMillis(10)))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("all"));
        rig.settings("all", "batching: false, max-in-flight-requests: 1, max-buffered: 4KiB");
        RunningJob first = RunningJob.startUnaligned(rig.config("", ROUTES), 2, checkpoints, null);
        try (first) {
            first.awaitWhileRunning(
                    "arrivals", any -> assertThat(rig.entries("all")).hasSizeGreaterThan(2 * 60));
            int before = rig.entries("all").size();
            first.awaitWhileRunning(
                    "more", any -> assertThat(rig.entries("all")).hasSizeGreaterThan(before + 40));
        }
        Path newest = first.newestCheckpoint(checkpoints).orElseThrow();
        assertThat(rig.entries("all")).hasSizeLessThan(2 * 350);
        rig.sls().faults().clear();

        try (RunningJob job = RunningJob.startUnaligned(rig.config("stop: " + stop, ROUTES), 2, checkpoints, newest)) {
            job.awaitEnd();
        }
        // What the first run delivered of the time after the stop is in the target, too.
        assertThat(rig.reconcile(since(stop).negate(), topic -> Set.of("all")).lost())
                .isZero();
    }

    /** Writes groups of three minutes and of one minute ago, and returns a moment between the two. */
    private Instant oldAndYoung(int old, int young) throws IOException {
        rig.clock().setBack(Duration.ofMinutes(3));
        rig.writeToAll("old", old, "t");
        rig.clock().setBack(Duration.ofMinutes(1));
        rig.writeToAll("young", young, "t");
        rig.clock().setBack(Duration.ZERO);
        return rig.clock().instant().minus(Duration.ofMinutes(2)).truncatedTo(ChronoUnit.SECONDS);
    }

    private static Predicate<LedgerEntry> since(Instant time) {
        return entry -> entry.receivedMillis() >= time.toEpochMilli();
    }
}
