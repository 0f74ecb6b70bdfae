package io.slsdispatch.connector.sink;

import static io.slsdispatch.connector.sink.WriterRig.config;
import static io.slsdispatch.connector.sink.WriterRig.delivery;
import static io.slsdispatch.connector.sink.WriterRig.withDeadLetters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore.OnRefusal;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.WireBytes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Failures of the service as they happen, one scenario a test. */
class FaultScenariosTest {

    private static final long PLENTY = 1 << 30;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** E1. */
    @Test
    void checkpointAfterAFailedSendWaitsUntilTheGroupIsAcknowledged() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.write();
        rig.target.takeOpen().refuse(ErrorKind.UNAVAILABLE);
        rig.whileItWaits(() -> assertThat(rig.target.stored()).isEmpty());
        rig.whileItWaits(() -> rig.target.acceptingAll());

        rig.flush();

        assertThat(rig.target.stored()).containsExactly(0);
    }

    /** E4: for ten minutes, out of order and in order by turns of five seconds. */
    @Test
    void stormOfErrorsIsBorneWithBoundedRequestsAndNothingIsLost() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        Random random = new Random(4);
        int written = 0;
        for (int second = 0; second < 600; second++) {
            boolean up = second / 5 % 2 == 1;
            rig.target.answeringAtOnce(
                    request -> up ? null : random.nextBoolean() ? ErrorKind.UNAVAILABLE : ErrorKind.THROTTLED);
            rig.writeMany(10);
            written += 10;
            rig.advance(SECOND);
            assertThat(rig.metrics.shown("sls.inFlightRequests")).isLessThanOrEqualTo(8);
        }
        rig.target.acceptingAll();
        rig.flush();

        assertThat(rig.target.stored()).hasSize(written).doesNotHaveDuplicates();
        // Ten groups a second, batched; and eight requests, repeated with growing waits, in 60 bad times.
        assertThat(rig.target.requests()).hasSizeLessThan(written + 60 * 8 * 8);
    }

    /** E7: no put has a sequence id, so whoever answers that one was used before does not speak of what this job wrote. */
    @Test
    void refusalForASequenceIdIsNoAcknowledgement() throws Exception {
        for (boolean ordered : new boolean[] {false, true}) {
            WriterRig rig = new WriterRig(
                    config().delivery(delivery(ordered, false, 8, PLENTY)).build());
            rig.target.answeringAtOnce(request -> ErrorKind.SEQUENCE_REPEATED);
            rig.write();

            assertThatThrownBy(() -> rig.writer.flush(false)).hasMessageContaining("permanently rejected a log group");
            assertThat(rig.metrics.counted("numRecordsSend")).isZero();
        }
    }

    @Test
    void targetThatFailsAgainAndAgainHoldsOneRequestOnly() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, false, 8, PLENTY)).build());
        rig.writeMany(100);
        rig.advance(Duration.ofMinutes(5));
        assertThat(rig.target.openCount()).isEqualTo(1);

        rig.target.hangingFor(request -> false);
        rig.target.acceptingAll();
        rig.flush();
        assertThat(rig.target.stored()).hasSize(100).doesNotHaveDuplicates();
    }

    /** E5: the service stores some of a list and refuses it as a whole; the answer does not tell which. */
    @Property(tries = 100)
    void listThatIsHalfAcceptedLosesNothing(@ForAll long seed, @ForAll @IntRange(min = 2, max = 30) int groups)
            throws Exception {
        Random random = new Random(seed);
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, true, 1, PLENTY)).build());
        rig.write();
        rig.writeMany(groups);
        rig.target.takeOpen().accept();
        rig.runMails();
        while (rig.target.openCount() > 0) {
            FakeTarget.Open put = rig.target.takeOpen();
            if (put.request().groups().size() > 1) {
                put.acceptHalfAndRefuse(random.nextBoolean() ? ErrorKind.UNAVAILABLE : ErrorKind.INVALID_REQUEST);
            } else {
                put.accept();
            }
            rig.advance(Duration.ofSeconds(11));
        }
        rig.target.acceptingAll();
        rig.writer.flush(true);

        assertThat(rig.target.stored().stream().distinct().toList())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(0, groups).boxed().toList());
    }

    /** E5, of a list with one bad group: the good ones are not written again after they were taken. */
    @Test
    void onlyTheRefusedGroupOfAListIsRepeated() throws Exception {
        WriterRig rig = new WriterRig(
                withDeadLetters().delivery(delivery(false, true, 1, PLENTY)).build());
        rig.write();
        rig.writeMany(4);
        rig.target.takeOpen().accept();
        rig.target.answeringAtOnce(request -> request.logstore().equals(WriterRig.TARGET)
                        && FakeTarget.indexes(request.groups()).contains(2)
                ? ErrorKind.INVALID_REQUEST
                : null);

        rig.flush();

        assertThat(rig.storedInTarget().stream().map(RawLogGroup::index)).containsExactly(0, 1, 3, 4);
        assertThat(rig.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.group().index()).isEqualTo(2));
    }

    /** E6: stored, and then the connection dies. */
    @Test
    void groupsWhoseAnswerIsLostAreRepeatedAndNothingElseIs() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, false, 4, PLENTY)).build());
        rig.writeMany(10);
        for (int i = 0; i < 4; i++) {
            rig.target.takeOpen().acceptAndLoseTheAnswer();
        }
        rig.target.acceptingAll();
        rig.flush();

        assertThat(rig.target.stored())
                .hasSize(14)
                .containsAll(IntStream.range(0, 10).boxed().toList());
    }

    /** E8: a role is revoked for ten minutes, a little less than the grace, and then given back. */
    @Test
    void rotatedKeysAndARoleThatIsGivenBackNeedNoRestart() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.target.answeringAtOnce(request -> ErrorKind.UNAUTHORIZED);
        rig.writeMany(20);
        rig.advance(Duration.ofSeconds(590));
        rig.target.acceptingAll();
        rig.flush();

        assertThat(rig.target.stored()).hasSize(20).doesNotHaveDuplicates();
        assertThat(rig.metrics.counted("sls.code.CodeUNAUTHORIZED.errors")).isPositive();
    }

    @Test
    void callThatNeverReturnsIsAFailureAndIsRepeated() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.write();
        rig.advance(WriterRig.DEADLINE.minus(SECOND));
        assertThat(rig.target.requests()).hasSize(1);
        rig.target.acceptingAll();

        rig.flush();

        assertThat(rig.target.requests()).hasSize(2);
        assertThat(rig.target.stored()).containsExactly(0);
        assertThat(rig.target.openCount()).as("what the client still holds").isZero();
        assertThat(rig.metrics.counted("sls.code.NoAnswer.errors")).isEqualTo(1);
    }

    @Test
    void callThatNeverReturnsFailsTheJobWhenItIsToldToGiveUp() throws Exception {
        WriterRig rig = new WriterRig(config().retry(RetryPolicy.DEFAULT.givingUpAfter(Duration.ofMinutes(2)))
                .build());
        rig.write();

        assertThatThrownBy(() -> rig.advance(Duration.ofMinutes(5)))
                .hasMessageContaining("failed for 2 min")
                .hasMessageContaining("no response within 40 s");
    }

    @Test
    void answerThatComesAfterTheDeadlineChangesNothing() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.write();
        FakeTarget.Open late = rig.target.takeOpen();
        rig.advance(WriterRig.DEADLINE.plus(Duration.ofSeconds(3)));
        late.accept();
        rig.runMails();
        assertThat(rig.metrics.counted("numRecordsSend")).isZero();
        rig.whileItWaits(() -> rig.target.takeOpen().accept());

        rig.flush();

        assertThat(rig.metrics.counted("numRecordsSend")).isEqualTo(1);
    }

    /** E13. */
    @Test
    void closingEndsAtOnceWhileRequestsHang() throws Exception {
        WriterRig rig = new WriterRig(WriterRig.withOutage(
                        io.slsdispatch.connector.config.SinkConfig.OnOutage.DEAD_LETTER, Duration.ofSeconds(5))
                .build());
        rig.writeMany(30);
        rig.advance(Duration.ofSeconds(7));
        rig.writeMany(3);

        rig.writer.close();

        int requests = rig.target.requests().size();
        rig.advance(Duration.ofHours(1));
        assertThat(rig.target.isClosed()).isTrue();
        assertThat(rig.target.requests()).hasSize(requests);
        assertThat(rig.hasTimers()).isFalse();
    }

    /** F1 and F3: whatever is in a group, the sink does not touch it. */
    @Test
    void unknownFieldsAndOddTopicsArriveAsTheyAre() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.target.acceptingAll();
        WireBytes log = WireBytes.message()
                .number(1, 1_700_000_000)
                .fixed32(4)
                .number(9, Long.MAX_VALUE)
                .group(20, WireBytes.message().text(1, "old"))
                .text(33, "");
        List<byte[]> groups = List.of(
                WireBytes.message()
                        .message(1, log)
                        .number(15, 1L << 40)
                        .fixed64(16)
                        .toBytes(),
                WireBytes.message().message(1, log).group(300, log).toBytes(),
                WireBytes.message().message(1, log).text(3, "").toBytes(),
                WireBytes.message()
                        .text(3, "first")
                        .message(1, log)
                        .text(3, "last")
                        .toBytes(),
                WireBytes.message().text(3, "t".repeat(65_536)).message(1, log).toBytes(),
                WireBytes.message()
                        .message(1, log)
                        .message(
                                6, WireBytes.message().text(1, "k").text(2, "v").number(7, -1))
                        .toBytes());
        for (byte[] group : groups) {
            rig.write(new RawLogGroup(group, 0, group.length, "topic", 0, "cursor", 0));
        }
        rig.flush();

        assertThat(rig.target.storedGroups().stream().map(FaultScenariosTest::bytes))
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(groups);
    }

    /** F7: the service refuses logs that are ten years old; nothing is rewritten. */
    @Test
    void groupWhoseTimesTheServiceRefusesIsADeadLetterWithItsOldTimes() throws Exception {
        WriterRig rig = new WriterRig(withDeadLetters().build());
        rig.target.answeringAtOnce(
                request -> request.logstore().equals(WriterRig.TARGET) ? ErrorKind.INVALID_REQUEST : null);
        byte[] old = WireBytes.message()
                .message(1, WireBytes.message().number(1, 0).fixed32(4))
                .text(3, "topic")
                .toBytes();

        rig.write(new RawLogGroup(old, 0, old.length, "topic", 0, "cursor", 0));
        rig.flush();

        assertThat(rig.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(bytes(letter.group())).isEqualTo(old);
            assertThat(letter.reason().cause()).isEqualTo(DeadLetter.Cause.REJECTED);
            assertThat(letter.reason().errorCode()).isEqualTo("InvalidKey");
            assertThat(letter.time()).isEqualTo(WriterRig.TIME);
        });
    }

    @Test
    void largeDeadLettersTakeSeveralRequestsAndAreWholeBeforeTheCheckpoint() throws Exception {
        WriterRig rig = new WriterRig(withDeadLetters().build());
        rig.target.answeringAtOnce(
                request -> request.logstore().equals(WriterRig.TARGET) ? ErrorKind.INVALID_REQUEST : null);
        byte[] noise = new byte[9_000_000];
        new Random(9).nextBytes(noise);

        rig.write(new RawLogGroup(noise, 0, noise.length, "topic", 0, "cursor", 0));
        rig.writeMany(3);
        rig.flush();

        assertThat(rig.deadLetters()).hasSize(4).anySatisfy(letter -> assertThat(bytes(letter.group()))
                .isEqualTo(noise));
        assertThat(rig.target.requests())
                .filteredOn(request -> request.logstore().equals(WriterRig.DEAD_LETTERS))
                .allSatisfy(request -> assertThat(request.rawBytes()).isLessThan(3_000_000));
    }

    @Test
    void deadLettersThatTheirLogstoreRefusesAreDroppedAndCountedIfTold() throws Exception {
        WriterRig rig = new WriterRig(config().onReject(OnReject.DEAD_LETTER)
                .deadLetters(new DeadLetterStore(WriterRig.DEAD_LETTERS, OnRefusal.DROP))
                .build());
        rig.target.answeringAtOnce(request -> ErrorKind.INVALID_REQUEST);
        byte[] noise = new byte[4_000_000];
        new Random(9).nextBytes(noise);

        rig.write(new RawLogGroup(noise, 0, noise.length, "topic", 0, "cursor", 0));
        rig.writeMany(3);
        rig.flush();

        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(4);
        assertThat(rig.metrics.counted("sls.deadLettersRefused")).isEqualTo(4);
        assertThat(rig.metrics.counted("sls.deadLettered")).isZero();
        assertThat(rig.metrics.shown("sls.inFlightBytes")).isZero();
    }

    @Test
    void timeOfThrottlingIsShown() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, false, 8, PLENTY)).build());
        rig.target.answeringAtOnce(request -> ErrorKind.THROTTLED);
        rig.writeMany(100);
        rig.advance(Duration.ofMinutes(1));

        assertThat(rig.metrics.counted("sls.throttledPuts")).isPositive();
        assertThat(rig.metrics.shown("sls.throttledMillis")).isPositive();
    }

    private static byte[] bytes(RawLogGroup group) {
        return group.bytes().toArray();
    }
}
