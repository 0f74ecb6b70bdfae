package io.slsdispatch.connector.sink;

import static io.slsdispatch.connector.sink.WriterRig.DEAD_LETTERS;
import static io.slsdispatch.connector.sink.WriterRig.TARGET;
import static io.slsdispatch.connector.sink.WriterRig.delivery;
import static io.slsdispatch.connector.sink.WriterRig.withOutage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.deadletter.DeadLetter;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scenarios E3 and E13: a target that takes nothing, for a while or for ever. */
class OutageTest {

    private static final long PLENTY = 1 << 30;
    private static final Duration AFTER = Duration.ofSeconds(30);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @EnumSource(names = {"THROTTLED", "UNAVAILABLE", "UNAUTHORIZED", "NOT_FOUND"})
    void groupsDoNotWaitForATargetThatFailsIfTold(ErrorKind kind) throws Exception {
        WriterRig rig = new WriterRig(withOutage(OnOutage.DEAD_LETTER, AFTER).build());
        rig.target.answeringAtOnce(targetOnly(kind));
        rig.writeMany(10);

        rig.advance(AFTER.minus(SECOND));
        assertThat(rig.deadLetters()).isEmpty();
        assertThat(rig.metrics.shown("sls.circuitOpen")).isZero();

        rig.advance(SECOND.multipliedBy(2));
        assertThat(rig.metrics.shown("sls.circuitOpen")).isEqualTo(1);
        rig.writeMany(100);
        rig.flush();

        assertThat(indexes(rig.deadLetters())).containsExactlyInAnyOrderElementsOf(upTo(110));
        assertThat(rig.deadLetters()).allSatisfy(letter -> {
            assertThat(letter.reason().cause()).isEqualTo(DeadLetter.Cause.OUTAGE);
            assertThat(letter.reason().errorCode()).isEqualTo("Code" + kind);
            assertThat(letter.reason().requestId()).isEqualTo("REQUEST-1");
            assertThat(letter.target()).isEqualTo("nginx");
            assertThat(letter.logstore()).isEqualTo(TARGET);
        });
        assertThat(rig.metrics.counted("sls.spilledGroups")).isEqualTo(110);
        assertThat(rig.metrics.counted("sls.spilledBytes")).isEqualTo(11_000);
        assertThat(rig.metrics.counted("sls.deadLettered")).isEqualTo(110);
        assertThat(rig.metrics.counted("sls.deadLetteredBytes")).isEqualTo(11_000);
        assertThat(rig.metrics.counted("sls.circuitOpenings")).isEqualTo(1);
        assertThat(rig.metrics.counted("sls.code.Code" + kind + ".errors")).isPositive();
    }

    @Test
    void groupsDoNotWaitForATargetThatHangs() throws Exception {
        WriterRig rig = new WriterRig(withOutage(OnOutage.DEAD_LETTER, AFTER).build());
        rig.target.acceptingAll().hangingFor(request -> request.logstore().equals(TARGET));
        rig.writeMany(10);

        rig.advance(AFTER.plus(SECOND));
        rig.writeMany(5);
        rig.flush();

        assertThat(indexes(rig.deadLetters())).containsExactlyInAnyOrderElementsOf(upTo(15));
        assertThat(rig.deadLetters().get(0).reason().message()).contains("accepted no request for 30 s", "no response");
        assertThat(rig.target.openCount()).as("requests under way: a probe").isLessThanOrEqualTo(1);
    }

    @Test
    void timeOfFailuresOnThisSideIsNoTimeOfAnOutage() throws Exception {
        WriterRig rig = new WriterRig(withOutage(OnOutage.DROP, AFTER).build());
        rig.target.answeringAtOnce(targetOnly(ErrorKind.UNAVAILABLE));
        rig.writeMany(10);
        rig.advance(AFTER.dividedBy(2));

        rig.target.answering(request -> FakeTarget.error(TARGET, -1, "NoBuffer", ""));
        rig.advance(Duration.ofHours(1));
        rig.target.answeringAtOnce(targetOnly(ErrorKind.UNAVAILABLE));
        rig.advance(AFTER.minus(SECOND));

        assertThat(rig.metrics.shown("sls.circuitOpen")).isZero();
        assertThat(rig.metrics.counted("sls.localFailures")).isPositive();
        rig.advance(AFTER);
        assertThat(rig.metrics.shown("sls.circuitOpen")).isEqualTo(1);
        rig.flush();
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(10);
    }

    @Test
    void aProbeThatFailsOnThisSideLetsGroupsWaitAgain() throws Exception {
        WriterRig rig = opened(OnOutage.DROP);
        rig.target.answering(request -> FakeTarget.error(TARGET, -1, "NoCredentials", ""));
        rig.writeMany(3);
        rig.advance(Duration.ofMinutes(2));

        assertThat(rig.metrics.shown("sls.circuitOpen")).isZero();
        rig.target.acceptingAll();
        rig.flush();

        assertThat(rig.target.stored()).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(1);
    }

    @Test
    void aLateProbeThatFailsOnThisSideLetsGroupsWaitAgain() throws Exception {
        WriterRig rig = opened(OnOutage.DROP);
        rig.target.hangingFor(request -> true);
        rig.writeMany(3);
        rig.flush();
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(4);

        rig.target.takeOpen().fail(FakeTarget.error(TARGET, -1, "NoSocket", ""));
        rig.target.hangingFor(request -> false);
        rig.runMails();
        rig.write();
        rig.target.acceptingAll();
        rig.flush();

        assertThat(rig.target.stored()).containsExactly(4);
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(4);
    }

    @Test
    void droppedGroupsAreCounted() throws Exception {
        WriterRig rig = new WriterRig(withOutage(OnOutage.DROP, AFTER).build());
        rig.target.answeringAtOnce(targetOnly(ErrorKind.UNAVAILABLE));
        rig.writeMany(10);
        rig.advance(AFTER.plus(SECOND));
        rig.writeMany(7);

        rig.flush();

        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(17);
        assertThat(rig.metrics.counted("sls.droppedBytes")).isEqualTo(1_700);
        assertThat(rig.metrics.shown("sls.inFlightBytes")).isZero();
    }

    @Test
    void everythingWaitsUnlessToldOtherwise() throws Exception {
        WriterRig rig = new WriterRig(withOutage(OnOutage.BLOCK, AFTER).build());
        rig.target.answeringAtOnce(targetOnly(ErrorKind.UNAVAILABLE));
        rig.writeMany(10);
        rig.advance(Duration.ofHours(10));
        rig.target.acceptingAll();

        rig.flush();

        assertThat(rig.target.stored()).containsExactlyInAnyOrderElementsOf(upTo(10));
        assertThat(rig.metrics.counted("sls.circuitOpenings")).isZero();
    }

    @Test
    void aBlockedWriterHoldsNoMoreThanItsRoom() throws Exception {
        WriterRig rig = new WriterRig(withOutage(OnOutage.DEAD_LETTER, AFTER)
                .delivery(delivery(false, true, 8, 2_000))
                .build());
        rig.target.answeringAtOnce(targetOnly(ErrorKind.UNAVAILABLE));

        for (int i = 0; i < 200; i++) {
            rig.write();
            assertThat(rig.metrics.shown("sls.inFlightBytes")).isLessThanOrEqualTo(2_000);
        }
        rig.flush();

        assertThat(indexes(rig.deadLetters())).containsExactlyInAnyOrderElementsOf(upTo(200));
        assertThat(rig.metrics.shown("sls.blockedMillis")).isGreaterThanOrEqualTo(20_000);
    }

    @Test
    void oneGroupNowAndThenShowsWhetherTheTargetIsBack() throws Exception {
        WriterRig rig = new WriterRig(withOutage(OnOutage.DROP, AFTER).build());
        rig.target.answeringAtOnce(targetOnly(ErrorKind.UNAVAILABLE));
        rig.write();
        rig.advance(AFTER.plus(SECOND));
        int before = rig.target.requests().size();

        for (int i = 0; i < 6_000; i++) {
            rig.advance(Duration.ofMillis(100));
            rig.write();
        }

        // Waits of five seconds on average, in ten minutes.
        assertThat(rig.target.requests().size() - before).isBetween(60, 400);
        assertThat(rig.metrics.counted("sls.dropped")).isGreaterThan(5_900);
    }

    @Test
    void goesOnAsBeforeWhenTheTargetIsBack() throws Exception {
        WriterRig rig = new WriterRig(withOutage(OnOutage.DROP, AFTER).build());
        rig.target.answeringAtOnce(targetOnly(ErrorKind.UNAVAILABLE));
        rig.write();
        rig.advance(AFTER.plus(SECOND));
        rig.target.acceptingAll();
        rig.advance(Duration.ofMinutes(1));

        rig.writeMany(50);
        rig.flush();

        assertThat(rig.target.stored())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 50).boxed().toList());
        assertThat(rig.metrics.shown("sls.circuitOpen")).isZero();
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(1);
    }

    @Test
    void groupsThatComeWhileAProbeIsUnderWayWaitForItsAnswer() throws Exception {
        WriterRig rig = opened(OnOutage.DROP);
        rig.target.hangingFor(request -> true);
        rig.writeMany(3);

        rig.target.takeOpen().accept();
        rig.target.hangingFor(request -> false);
        rig.runMails();
        rig.flush();

        assertThat(rig.target.stored()).containsExactly(1, 2, 3);
    }

    @Test
    void aCheckpointDoesNotWaitForAProbeWhoseAnswerStillCounts() throws Exception {
        WriterRig rig = opened(OnOutage.DROP);
        rig.target.hangingFor(request -> true);
        rig.writeMany(3);

        rig.flush();
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(4);
        assertThat(rig.metrics.shown("sls.circuitOpen")).isEqualTo(1);
        rig.writeMany(5);
        rig.flush();
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(9);

        rig.target.takeOpen().accept();
        rig.runMails();
        assertThat(rig.metrics.shown("sls.circuitOpen")).isZero();
        assertThat(rig.metrics.counted("numRecordsSend"))
                .as("what was given up is not counted twice")
                .isZero();
    }

    @Test
    void aTargetThatIsSlowIsInOrder() throws Exception {
        WriterRig rig = new WriterRig(withOutage(OnOutage.DROP, AFTER)
                .delivery(delivery(false, false, 1, PLENTY))
                .build());
        rig.writeMany(20);
        for (int i = 0; i < 20; i++) {
            rig.advance(Duration.ofSeconds(25));
            rig.target.takeOpen().accept();
        }
        rig.flush();

        assertThat(rig.target.stored()).hasSize(20);
        assertThat(rig.metrics.counted("sls.circuitOpenings")).isZero();
    }

    @Test
    void aTargetThatRefusesEveryGroupIsInOrder() throws Exception {
        WriterRig rig = new WriterRig(
                withOutage(OnOutage.DEAD_LETTER, AFTER).onReject(OnReject.DROP).build());
        rig.target.answeringAtOnce(targetOnly(ErrorKind.INVALID_REQUEST));

        for (int i = 0; i < 100; i++) {
            rig.write();
            rig.advance(SECOND);
        }

        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(100);
        assertThat(rig.metrics.counted("sls.circuitOpenings")).isZero();
    }

    @Test
    void silenceCountsOnlyWhileThereIsSomethingToAnswer() throws Exception {
        WriterRig rig = new WriterRig(withOutage(OnOutage.DROP, AFTER).build());
        rig.target.acceptingAll();
        rig.write();
        rig.advance(Duration.ofHours(1));
        rig.target.hangingFor(request -> true);
        rig.write();
        rig.advance(AFTER.minus(SECOND));

        rig.target.takeOpen().accept();
        rig.flush();

        assertThat(rig.target.stored()).containsExactly(0, 1);
        assertThat(rig.metrics.counted("sls.circuitOpenings")).isZero();
    }

    @Test
    void deadLettersThatAreOutOfOrderTooHoldBackUntilTheyAreBack() throws Exception {
        WriterRig rig = new WriterRig(withOutage(OnOutage.DEAD_LETTER, AFTER).build());
        rig.target.answeringAtOnce(request -> ErrorKind.UNAVAILABLE);
        rig.writeMany(20);
        rig.advance(Duration.ofHours(1));
        assertThat(rig.metrics.shown("sls.inFlightBytes")).isEqualTo(2_000);
        rig.target.answeringAtOnce(targetOnly(ErrorKind.UNAVAILABLE));

        rig.flush();

        assertThat(indexes(rig.deadLetters())).containsExactlyInAnyOrderElementsOf(upTo(20));
    }

    @Test
    void deadLettersThatAreDeniedFailTheJobAfterTheGrace() throws Exception {
        WriterRig rig = new WriterRig(withOutage(OnOutage.DEAD_LETTER, AFTER).build());
        rig.target.answeringAtOnce(
                request -> request.logstore().equals(TARGET) ? ErrorKind.UNAVAILABLE : ErrorKind.NOT_FOUND);
        rig.writeMany(20);

        assertThatThrownBy(() -> rig.advance(Duration.ofMinutes(12)))
                .hasMessageContaining("Create the project or logstore")
                .hasMessageContaining("project/dead-letters");
    }

    /** A writer whose target has been out of order and is to be probed with the next group; group 0 is gone. */
    private static WriterRig opened(OnOutage policy) throws Exception {
        SinkConfig config = withOutage(policy, AFTER).build();
        WriterRig rig = new WriterRig(config);
        rig.target.answeringAtOnce(targetOnly(ErrorKind.UNAVAILABLE));
        rig.write();
        rig.advance(AFTER.plus(Duration.ofMinutes(1)));
        rig.target.acceptingAll();
        return rig;
    }

    private static Function<PutRequest, ErrorKind> targetOnly(ErrorKind kind) {
        return request -> request.logstore().equals(DEAD_LETTERS) ? null : kind;
    }

    private static List<Integer> indexes(List<DeadLetter> letters) {
        return letters.stream().map(letter -> letter.group().index()).toList();
    }

    private static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
