package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.e2e.dispatch.WatchedConnectors.Moment;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.ExpiredAnswer;
import io.slsdispatch.local.fault.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A source in which cursors have numbers that no group ever had. */
@OnMiniCluster
class HolesE2eTest {

    private static final String ROUTES = "routes: [{topic: t, to: all}]\ndefault-route: fail\n";

    private final WatchedConnectors connectors = new WatchedConnectors();

    @WithLogstores(sourceShards = 1, targets = "all")
    private Rig rig;

    @ParameterizedTest
    @ValueSource(longs = {1, 4, 1_000_000_000_000_000L})
    void nothingIsLostOrRepeatedOverHolesBetweenPullsAndInsideThem(long size) throws Exception {
        hole(size);
        write("first");
        String savepoint;
        try (RunningJob job = RunningJob.start(rig.config("", ROUTES), 2)) {
            awaitExact(job);
            hole(size);
            write("behind the end");
            awaitExact(job);
            hole(size);
            savepoint = job.stopWithSavepoint(rig.folder());
        }
        write("a");
        hole(size);
        write("b");
        hole(size);
        rig.write(0, TestGroups.group("t", "single " + size));
        hole(size);
        hole(size);
        write("c");
        try (RunningJob job = RunningJob.restore(rig.config("", ROUTES), 2, savepoint)) {
            awaitExact(job);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000_000_000_000_000L})
    void nothingIsLostWhenTheJobFailsAtAHole(long size) throws Exception {
        write("first");
        try (RunningJob job = RunningJob.startLasting(rig.config("", ROUTES), connectors, 2)) {
            for (int round = 0; round < 4; round++) {
                Moment moment = round % 2 == 0 ? Moment.BEFORE_WRITE : Moment.AFTER_FLUSH;
                long failures = connectors.failures();
                connectors.failAt(moment);
                write("before " + round);
                hole(size);
                write("behind " + round);
                job.awaitWhileRunning(
                        "the failure", any -> assertThat(connectors.failures()).isGreaterThan(failures));
            }
            job.awaitWhileRunning("all", any -> Rig.assertNoneIsMissing(rig.reconcile(topic -> Set.of("all"))));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000_000_000_000_000L})
    void boundedRunsEndAtAndBehindHoles(long size) throws Exception {
        rig.clock().setBack(Duration.ofMinutes(3));
        write("old");
        hole(size);
        rig.clock().setBack(Duration.ofMinutes(1));
        write("young");
        rig.clock().setBack(Duration.ZERO);
        hole(size);
        Instant stop = rig.clock().instant().minusSeconds(120).truncatedTo(ChronoUnit.SECONDS);

        RunningJob.run(rig.config("stop: " + stop, ROUTES), 2);
        Rig.assertExact(rig.reconcile(entry -> entry.receivedMillis() < stop.toEpochMilli(), topic -> Set.of("all")));
        RunningJob.run(rig.config("start: " + stop + "\nstop: now", ROUTES), 2);
        Rig.assertExact(rig.reconcile(topic -> Set.of("all")));
    }

    @Test
    void aClosedShardWithHolesEnds() throws Exception {
        write("before");
        hole(7);
        write("behind");
        hole(7);
        rig.sls().split(Rig.PROJECT, Rig.SOURCE.logstore(), 0);
        rig.writeToAll("children", 3, "t");
        RunningJob.run(rig.config("stop: now", ROUTES), 2);
        Rig.assertExact(rig.reconcile(topic -> Set.of("all")));
    }

    /** Three of the four groups before the hole are gone unread. */
    @ParameterizedTest
    @CsvSource({"1, ERROR", "1, MOVED", "1, SKIP", "1000000000000000, ERROR", "1000000000000000, SKIP"})
    void dataThatExpiredNextToAHoleFailsTheJob(long size, ExpiredAnswer answer) throws Exception {
        write("read");
        String savepoint;
        try (RunningJob job = RunningJob.start(rig.config("", ROUTES), 2)) {
            awaitExact(job);
            savepoint = job.stopWithSavepoint(rig.folder());
        }
        write("unread");
        hole(size);
        write("behind");
        rig.sls().trim(Rig.PROJECT, Rig.SOURCE.logstore(), 0, 4 + 3);
        if (answer != ExpiredAnswer.ERROR) {
            rig.sls().faults().add(Fault.always(new Effect.ExpiredCursor(answer)));
        }
        try (RunningJob job = RunningJob.restore(rig.config("", ROUTES), 2, savepoint)) {
            assertThatThrownBy(job::awaitEnd)
                    .hasStackTraceContaining("Skipped unread: 3 groups")
                    .hasStackTraceContaining("on-expired-cursor");
        }
        try (RunningJob job = RunningJob.restore(rig.config("on-expired-cursor: earliest", ROUTES), 2, savepoint)) {
            job.awaitWhileRunning("what is left", any -> assertThat(rig.reconcile(topic -> Set.of("all")))
                    .hasToString("lost=3 duplicated=0 misrouted=0 altered=0"));
        }
    }

    /** All before the hole is read. What expired is not to be counted by the numbers in the hole. */
    @Test
    void whatIsReadMayExpireNextToAHole() throws Exception {
        write("read");
        hole(5);
        write("read, too");
        String savepoint;
        try (RunningJob job = RunningJob.start(rig.config("", ROUTES), 2)) {
            awaitExact(job);
            savepoint = job.stopWithSavepoint(rig.folder());
        }
        hole(5);
        write("behind");
        rig.sls().trim(Rig.PROJECT, Rig.SOURCE.logstore(), 0, 6);
        try (RunningJob job = RunningJob.restore(rig.config("", ROUTES), 2, savepoint)) {
            awaitExact(job);
        }
    }

    private void hole(long size) {
        rig.sls().jump(Rig.PROJECT, Rig.SOURCE.logstore(), 0, size);
    }

    private void write(String text) {
        for (int i = 0; i < 4; i++) {
            rig.write(0, TestGroups.group("t", text + " " + i));
        }
    }

    private void awaitExact(RunningJob job) {
        job.awaitWhileRunning("all groups", any -> Rig.assertExact(rig.reconcile(topic -> Set.of("all"))));
    }
}
