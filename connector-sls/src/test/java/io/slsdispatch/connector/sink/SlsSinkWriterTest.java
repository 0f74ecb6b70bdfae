package io.slsdispatch.connector.sink;

import static io.slsdispatch.connector.sink.WriterRig.config;
import static io.slsdispatch.connector.sink.WriterRig.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlsSinkWriterTest {

    private static final long PLENTY = 1 << 30;
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void sendsAtOnceWhenASlotIsFree() throws Exception {
        WriterRig rig = new WriterRig(config().build());

        rig.write();

        assertThat(rig.target.sent()).containsExactly(List.of(0));
    }

    @Test
    void sendsTheBytesOfTheGroupAsTheyAre() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        byte[] batch = {9, 9, 1, 2, 3, 9};
        rig.target.acceptingAll();

        rig.write(new RawLogGroup(batch, 2, 3, "topic", 0, "cursor", 0));
        rig.flush();

        RawLogGroup sent = rig.target.storedGroups().get(0);
        assertThat(sent.bytes().toArray()).containsExactly(1, 2, 3);
    }

    @Test
    void putsGroupsThatWaitIntoOneRequestInOrder() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, true, 1, PLENTY)).build());
        rig.writeMany(4);
        assertThat(rig.target.sent()).containsExactly(List.of(0));

        rig.target.takeOpen().accept();
        rig.runMails();

        assertThat(rig.target.sent()).containsExactly(List.of(0), List.of(1, 2, 3));
    }

    @Test
    void groupsGatherWhileARequestIsUnderWayThoughThereAreFreeSlots() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, true, 8, PLENTY)).build());
        rig.writeMany(4);
        assertThat(rig.target.sent()).containsExactly(List.of(0));

        rig.target.takeOpen().accept();
        rig.runMails();

        assertThat(rig.target.sent()).containsExactly(List.of(0), List.of(1, 2, 3));
    }

    @Test
    void groupsThatGatheredGoWhenTheAnswerTakesLong() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, true, 8, PLENTY)).build());
        rig.writeMany(3);

        rig.advance(Duration.ofMillis(30));

        assertThat(rig.target.sent()).containsExactly(List.of(0), List.of(1, 2));
    }

    @Test
    void groupsThatAreEnoughForARequestDoNotWait() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, true, 8, PLENTY)).build());
        rig.write();
        rig.write(0, "topic", 300_000);
        rig.write(0, "topic", 300_000);

        assertThat(rig.target.sent()).containsExactly(List.of(0), List.of(1, 2));
    }

    @Test
    void sendsOneGroupPerRequestWithoutBatching() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, false, 1, PLENTY)).build());
        rig.target.acceptingAll();
        rig.writeMany(3);

        rig.flush();

        assertThat(rig.target.sent()).containsExactly(List.of(0), List.of(1), List.of(2));
    }

    @Test
    void keepsARequestWithinAThousandGroupsAndOneMegabyte() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, true, 1, PLENTY)).build());
        rig.write();
        rig.writeMany(1001);
        rig.write(0, "topic", 600_000);
        rig.write(0, "topic", 600_000);
        rig.write(0, "topic", 1_200_000);
        rig.target.takeOpen().accept();
        rig.target.acceptingAll();

        rig.flush();

        assertThat(rig.target.requests().stream()
                        .map(request -> request.groups().size()))
                .containsExactly(1, 1000, 2, 1, 1);
    }

    @Test
    void hasNoMoreRequestsUnderWayThanAllowed() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, false, 3, PLENTY)).build());

        rig.writeMany(10);

        assertThat(rig.target.openCount()).isEqualTo(3);
        assertThat(rig.metrics.shown("sls.inFlightRequests")).isEqualTo(3);
        assertThat(rig.metrics.shown("sls.inFlightBytes")).isEqualTo(1000);
    }

    @Test
    void holdsBackWhenItsRoomIsUsedUpAndGoesOnWithTheNextAnswer() throws Exception {
        WriterRig rig =
                new WriterRig(config().delivery(delivery(false, false, 8, 1000)).build());
        rig.writeMany(4);
        rig.whileItWaits(() -> {
            assertThat(rig.target.sent()).doesNotContain(List.of(4));
            rig.target.takeOpen().accept();
        });

        rig.write();

        assertThat(rig.target.sent()).last().isEqualTo(List.of(4));
    }

    @Test
    void takesAGroupLargerThanItsRoomAlone() throws Exception {
        WriterRig rig =
                new WriterRig(config().delivery(delivery(false, true, 8, 1000)).build());
        rig.write();
        rig.whileItWaits(() -> rig.target.takeOpen().accept());

        rig.write(0, "topic", 5000);

        assertThat(rig.target.sent()).containsExactly(List.of(0), List.of(1));
    }

    @Test
    void countsTheTimeItHeldBack() throws Exception {
        WriterRig rig =
                new WriterRig(config().delivery(delivery(false, true, 8, 300)).build());
        rig.write();
        rig.whileItWaits(() -> {
            rig.advance(Duration.ofMillis(1500));
            assertThat(rig.metrics.shown("sls.blockedMillis")).isEqualTo(1500);
            rig.target.takeOpen().accept();
        });

        rig.write();

        assertThat(rig.metrics.shown("sls.blockedMillis")).isEqualTo(1500);
    }

    @Test
    void flushReturnsOnlyWhenEverythingIsAcknowledged() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, true, 1, PLENTY)).build());
        rig.writeMany(3);
        rig.whileItWaits(() -> rig.target.takeOpen().refuse(ErrorKind.UNAVAILABLE));
        rig.whileItWaits(() -> rig.target.acceptingAll());

        rig.flush();

        assertThat(rig.target.stored()).containsExactly(0, 1, 2);
        assertThat(rig.metrics.counted("numRecordsSend")).isEqualTo(3);
        assertThat(rig.metrics.counted("numBytesSend")).isEqualTo(300);
        assertThat(rig.metrics.shown("sls.inFlightBytes")).isZero();
        assertThat(rig.metrics.shown("sls.oldestInFlightMillis")).isZero();
    }

    @Test
    void flushSeesAFailureWhoseMailHasNotBeenReadYet() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.write();
        rig.target.takeOpen().refuse(ErrorKind.INVALID_REQUEST);

        assertThatThrownBy(() -> rig.writer.flush(false)).rootCause().hasMessageContaining("said the service");
    }

    @Test
    void everyCallFailsAfterAFailure() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.write();
        rig.target.takeOpen().refuse(ErrorKind.INVALID_REQUEST);
        assertThatThrownBy(rig::runMails).hasCauseInstanceOf(IOException.class);

        assertThatThrownBy(rig::write).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> rig.writer.flush(false)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "THROTTLED", "QUOTA_EXCEEDED"})
    void repeatsForEverWhatMayPass(ErrorKind kind) throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.target.answeringAtOnce(request -> kind);
        rig.write();

        rig.advance(Duration.ofHours(24));
        rig.target.acceptingAll();
        rig.flush();

        assertThat(rig.target.stored()).containsExactly(0);
        assertThat(rig.metrics.counted("sls.retries")).isGreaterThan(1000);
        assertThat(rig.metrics.counted("sls.requests")).isEqualTo(rig.metrics.counted("sls.retries") + 1);
    }

    @Test
    void waitsLongerBetweenRepetitionsUpToTheCeiling() throws Exception {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
        WriterRig rig = new WriterRig(
                config().retry(new RetryPolicy(backoff, null, LONG)).build());
        rig.target.answeringAtOnce(request -> ErrorKind.UNAVAILABLE);
        rig.write();

        rig.advance(Duration.ofHours(1));

        // A mean wait of five seconds, taken at random.
        assertThat(rig.metrics.counted("sls.retries")).isBetween(500L, 1000L);
    }

    @Test
    void givesUpWhatMayPassWhenItIsTold() throws Exception {
        WriterRig rig = new WriterRig(config().retry(RetryPolicy.DEFAULT.givingUpAfter(Duration.ofMinutes(5)))
                .build());
        rig.target.answeringAtOnce(request -> ErrorKind.UNAVAILABLE);
        rig.write();
        rig.advance(Duration.ofMinutes(4));

        assertThatThrownBy(() -> rig.advance(Duration.ofMinutes(2)))
                .hasMessageContaining("target 'nginx' (project/target) failed for 5 min")
                .hasMessageContaining("REQUEST-1");
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAUTHORIZED", "NOT_FOUND", "SHARD_NOT_FOUND"})
    void bearsDenialsForTheirGraceAndThenSaysWhatToDo(ErrorKind kind) throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.target.answeringAtOnce(request -> kind);
        rig.write();
        rig.advance(Duration.ofMinutes(9));

        assertThatThrownBy(() -> rig.advance(Duration.ofMinutes(2)))
                .hasMessageContaining("target 'nginx' (project/target) "
                        + (kind == ErrorKind.UNAUTHORIZED ? "denied access" : "was not found") + " for 10 min")
                .hasMessageContaining(kind == ErrorKind.UNAUTHORIZED ? "Check the credentials" : "Create the project")
                .hasMessageContaining("REQUEST-1");
    }

    @Test
    void goesOnWhenADenialPassesWithinItsGrace() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.target.answeringAtOnce(request -> ErrorKind.UNAUTHORIZED);
        rig.write();
        rig.advance(Duration.ofMinutes(9));
        rig.target.acceptingAll();

        rig.advance(Duration.ofMinutes(9));

        assertThat(rig.target.stored()).containsExactly(0);
    }

    @Test
    void graceStartsAnewAfterAnOutage() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.target.answeringAtOnce(request -> ErrorKind.UNAVAILABLE);
        rig.write();
        rig.advance(Duration.ofHours(2));
        rig.target.answeringAtOnce(request -> ErrorKind.UNAUTHORIZED);
        rig.advance(Duration.ofMinutes(9));

        rig.target.acceptingAll();
        rig.flush();

        assertThat(rig.target.stored()).containsExactly(0);
    }

    @Test
    void failsWithTheCureWhenAGroupIsRefusedForGood() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.target.answeringAtOnce(request -> ErrorKind.INVALID_REQUEST);
        rig.write();

        assertThatThrownBy(() -> rig.writer.flush(false))
                .hasMessageContaining("target 'nginx' (project/target) permanently rejected a log group")
                .hasMessageContaining("on-reject")
                .hasMessageContaining("REQUEST-1");
        assertThat(rig.metrics.counted("numRecordsSendErrors")).isEqualTo(1);
    }

    @Test
    void dropsAndCountsWhatIsRefusedForGoodIfTold() throws Exception {
        WriterRig rig = new WriterRig(config().onReject(OnReject.DROP).build());
        rig.target.answeringAtOnce(only(1, ErrorKind.INVALID_REQUEST));
        rig.writeMany(3);

        rig.flush();

        assertThat(rig.target.stored()).containsExactly(0, 2);
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(1);
        assertThat(rig.metrics.counted("numRecordsSend")).isEqualTo(2);
    }

    @Test
    void sendsWhatIsRefusedForGoodToTheDeadLettersAndWaitsForThem() throws Exception {
        WriterRig rig = new WriterRig(WriterRig.withDeadLetters().build());
        rig.write();
        rig.target.takeOpen().refuse(ErrorKind.INVALID_REQUEST);
        rig.whileItWaits(() -> rig.target.takeOpen().refuse(ErrorKind.UNAVAILABLE));
        rig.whileItWaits(() -> rig.advance(Duration.ofSeconds(15)));
        rig.whileItWaits(() -> rig.target.takeOpen().accept());

        rig.flush();

        assertThat(rig.target.requests().stream().map(PutRequest::logstore))
                .containsExactly(WriterRig.TARGET, WriterRig.DEAD_LETTERS, WriterRig.DEAD_LETTERS);
        assertThat(rig.metrics.counted("sls.deadLettered")).isEqualTo(1);
        assertThat(rig.metrics.counted("numRecordsSend")).isZero();
        assertThat(rig.metrics.counted("numRecordsSendErrors")).isEqualTo(1);
    }

    @Test
    void failsWhenTheDeadLettersRefuseAGroupToo() throws Exception {
        WriterRig rig = new WriterRig(WriterRig.withDeadLetters().build());
        rig.target.answeringAtOnce(request -> ErrorKind.INVALID_REQUEST);
        rig.write();

        assertThatThrownBy(() -> rig.writer.flush(false))
                .hasMessageContaining("dead-letter logstore project/dead-letters");
    }

    @Test
    void rejectsAGroupAboveTheLimitOfTheServiceWithoutSendingIt() throws Exception {
        WriterRig rig = new WriterRig(config().onReject(OnReject.DROP).build());
        rig.target.acceptingAll();
        rig.write(0, "topic", 10 * 1024 * 1024);
        rig.write(0, "topic", 10 * 1024 * 1024 + 1);

        rig.flush();

        assertThat(rig.target.sent()).containsExactly(List.of(0));
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(1);
    }

    @Test
    void findsTheOneBadGroupOfARefusedList() throws Exception {
        WriterRig rig = new WriterRig(config().delivery(delivery(false, true, 1, PLENTY))
                .onReject(OnReject.DROP)
                .build());
        rig.write();
        rig.writeMany(4);
        rig.target.takeOpen().accept();
        rig.target.answeringAtOnce(only(2, ErrorKind.INVALID_REQUEST));

        rig.flush();

        assertThat(rig.target.stored()).containsExactly(0, 1, 3, 4);
        assertThat(rig.metrics.counted("sls.dropped")).isEqualTo(1);
        assertThat(rig.metrics.counted("sls.batchFallback")).isZero();
    }

    @Test
    void sendsSinglyWhereListsAreRefused() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, true, 1, PLENTY)).build());
        rig.write();
        rig.writeMany(3);
        rig.target.takeOpen().accept();
        rig.target.answeringAtOnce(request -> request.groups().size() > 1 ? ErrorKind.INVALID_REQUEST : null);
        rig.flush();
        rig.writeMany(10);
        rig.flush();
        int requestsSoFar = rig.target.requests().size();

        rig.writeMany(5);
        rig.flush();

        assertThat(rig.target.stored())
                .containsExactlyElementsOf(IntStream.range(0, 19).boxed().toList());
        assertThat(rig.target.requests()).hasSize(requestsSoFar + 5);
        assertThat(rig.metrics.counted("sls.batchFallback")).isEqualTo(1);
        assertThat(rig.metrics.counted("numRecordsSendErrors")).isZero();
    }

    @Test
    void halvesAListThatIsTooLarge() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, true, 1, PLENTY)).build());
        rig.write();
        rig.writeMany(5);
        rig.target.takeOpen().accept();
        rig.target.answeringAtOnce(request -> request.groups().size() > 2 ? ErrorKind.TOO_LARGE : null);

        rig.flush();

        assertThat(rig.target.sent())
                .containsExactly(
                        List.of(0), List.of(1, 2, 3, 4, 5), List.of(1, 2), List.of(3, 4, 5), List.of(3), List.of(4, 5));
        assertThat(rig.target.stored()).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void slowsDownWhenTheServiceThrottles() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, false, 8, PLENTY)).build());
        rig.writeMany(200);
        for (int i = 0; i < 8; i++) {
            rig.target.takeOpen().refuse(ErrorKind.THROTTLED);
        }
        rig.runMails();
        rig.target.acceptingAll();

        rig.advance(Duration.ofSeconds(1));
        int inTheFirstSecond = rig.target.stored().size();
        rig.advance(Duration.ofMinutes(2));

        // 8 calls were tried at once: not more than that per second to begin with, and more later.
        assertThat(inTheFirstSecond).isBetween(1, 12);
        assertThat(rig.target.stored()).hasSize(200).doesNotHaveDuplicates();
        assertThat(rig.metrics.counted("sls.throttledPuts")).isEqualTo(8);
    }

    @Test
    void failsOnAnErrorThatIsNotTheServices() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.write();
        rig.target.takeOpen().answer().completeExceptionally(new IllegalStateException("a bug"));

        assertThatThrownBy(() -> rig.writer.flush(false)).hasMessageContaining("a bug");
    }

    @Test
    void closeEndsRequestsAndNothingIsSentAfterwards() throws Exception {
        WriterRig rig = new WriterRig(
                config().delivery(delivery(false, false, 2, PLENTY)).build());
        rig.writeMany(10);
        rig.target.takeOpen().refuse(ErrorKind.UNAVAILABLE);
        rig.runMails();

        rig.writer.close();
        rig.advance(LONG);

        assertThat(rig.target.isClosed()).isTrue();
        assertThat(rig.target.requests()).hasSize(2);
    }

    @Test
    void showsHowLongTheOldestRequestIsUnderWay() throws Exception {
        WriterRig rig = new WriterRig(config().build());
        rig.target.answeringAtOnce(request -> ErrorKind.UNAVAILABLE);
        rig.write();

        rig.advance(Duration.ofSeconds(90));

        assertThat(rig.metrics.shown("sls.oldestInFlightMillis")).isEqualTo(90_000);
    }

    @Test
    void leavesOutTheCategoryIfTold() throws Exception {
        WriterRig rig = new WriterRig(config().delivery(new SinkConfig.Delivery(false, true, true, 8, PLENTY))
                .build());
        rig.target.acceptingAll();
        byte[] group = {0x12, 1, 'c', 0x1a, 1, 't'};

        rig.write(new RawLogGroup(group, 0, group.length, "t", 0, "cursor", 0));
        rig.flush();

        assertThat(rig.target.storedGroups().get(0).bytes().array()).containsExactly(0x1a, 1, 't');
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void deadLetterKeepsTheCategoryThatIsLeftOut(boolean packed) throws Exception {
        WriterRig rig = new WriterRig(WriterRig.withDeadLetters()
                .delivery(new SinkConfig.Delivery(false, true, true, 8, PLENTY))
                .build());
        rig.target.answeringAtOnce(
                request -> request.logstore().equals(WriterRig.TARGET) ? ErrorKind.INVALID_REQUEST : null);
        byte[] group = {0x12, 1, 'c', 0x1a, 1, 't'};
        byte[] block = LZ4Factory.fastestInstance().fastCompressor().compress(group);

        rig.write(
                packed
                        ? RawLogGroup.packed(ByteSlice.of(block), group.length, "t", 0, "cursor", 0)
                        : new RawLogGroup(group, 0, group.length, "t", 0, "cursor", 0));
        rig.flush();

        assertThat(rig.target.requests().get(0).groups().get(0).bytes().array()).containsExactly(0x1a, 1, 't');
        assertThat(rig.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.group().bytes().array()).containsExactly(group));
    }

    private static java.util.function.Function<PutRequest, ErrorKind> only(int badIndex, ErrorKind kind) {
        return request -> FakeTarget.indexes(request.groups()).contains(badIndex) ? kind : null;
    }
}
