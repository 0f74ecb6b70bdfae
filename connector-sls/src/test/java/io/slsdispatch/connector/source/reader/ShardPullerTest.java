package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.FakeSls.AtExpired;
import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.metrics.Problem;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.source.reader.PullAction.PullResult;
import io.slsdispatch.connector.source.reader.PulledRecords.PulledGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardPullerTest {

    private final FakeSls service = new FakeSls(1);
    private final TestConfigs plain = TestConfigs.of(service.logstore());
    private ReadingRig rig = new ReadingRig(service, plain.config());

    private ReadingRig rig(TestConfigs configs) {
        rig = new ReadingRig(service, configs.config());
        return rig;
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static List<String> groups(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "g" + i).toList();
    }

    // ---- positions

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10, 20})
    void passesOverWhatWasEmittedInHoweverManyBatchesItComes(int batchSize) throws IOException {
        service.writeMany(0, "g", 20);
        service.maxGroupsPerAnswer(batchSize);

        rig(plain).reading(0, new Position(FakeSls.cursorOf(3), 7), null).steps(30);

        assertThat(rig.emitted).isEqualTo(groups(10, 20));
        assertThat(rig.position()).isEqualTo(Position.at(FakeSls.cursorOf(20)));
    }

    @Test
    void countsGroupsAfterTheCursorOfTheirBatchUntilTheLastIsEmitted() throws IOException {
        service.writeMany(0, "g", 3);
        ReadingRig rig = rig(plain).reading(0);
        PullAction.Pull pull = (PullAction.Pull) rig.next();
        PulledBatch batch = rig.env.client().pull(pull.request()).join();
        PulledRecords.Batch records = new PulledRecords.Batch(
                0,
                new PullResult.Emit(
                        FakeSls.cursorOf(0), batch, new GroupIndex.Builder(CompressionConfig.LZ4).index(batch), 0),
                () -> {});
        records.nextSplit();

        assertThat(records.nextRecordFromSplit())
                .extracting(PulledGroup::cursor, PulledGroup::emitted)
                .containsExactly(FakeSls.cursorOf(0), 1);
        assertThat(records.nextRecordFromSplit())
                .extracting(PulledGroup::cursor, PulledGroup::emitted)
                .containsExactly(FakeSls.cursorOf(0), 2);
        assertThat(records.nextRecordFromSplit())
                .extracting(PulledGroup::cursor, PulledGroup::emitted)
                .containsExactly(FakeSls.cursorOf(3), 0);
        assertThat(records.nextRecordFromSplit()).isNull();
    }

    // ---- the end of a shard

    @Test
    void takesAnIdleShardForUnfinishedWhileItTakesWrites() throws IOException {
        service.writeMany(0, "g", 2);
        rig(plain).reading(0).steps(20);

        assertThat(rig.isFinished()).isFalse();
        assertThat(service.calls("GetCursor")).isEmpty();
    }

    @Test
    void finishesAReadOnlyShardAtItsEnd() throws IOException {
        service.writeMany(0, "g", 2);
        ReadingRig rig = rig(plain).reading(0).steps(3);
        service.split(0, 2);
        rig.env.readOnly().add(0);

        rig.toTheEnd();

        assertThat(rig.emitted).isEqualTo(groups(0, 2));
    }

    @Test
    void finishesAReadOnlyShardThatNeverHeldAnything() throws IOException {
        service.split(0, 2);
        ReadingRig rig = rig(plain).reading(0);
        rig.env.readOnly().add(0);

        rig.toTheEnd();

        assertThat(rig.emitted).isEmpty();
    }

    @Test
    void looksForTheEndOnlyAfterAnEmptyAnswerThatWasAskedForWhenTheShardWasKnownToBeReadOnly() throws IOException {
        ReadingRig rig = rig(plain).reading(0).steps(1);
        rig.env.readOnly().add(0);
        assertThat(rig.next()).isInstanceOf(PullAction.Pull.class);

        rig.steps(1);
        assertThat(rig.next()).isInstanceOfSatisfying(PullAction.LookUp.class, lookUp -> assertThat(lookUp.purpose())
                .isEqualTo(PullAction.Purpose.END));
    }

    @Test
    void readsWhatIsAppendedJustAfterTheShardBecameReadOnly() throws IOException {
        service.split(0, 2);
        ReadingRig rig = rig(plain).reading(0);
        rig.env.readOnly().add(0);
        rig.steps(1);
        service.writeMany(0, "g", 3);

        rig.toTheEnd();

        assertThat(rig.emitted).isEqualTo(groups(0, 3));
    }

    // ---- late writes

    private static final Duration SETTLE = Duration.ofSeconds(30);

    private void time(Duration passes) {
        service.advanceSeconds(passes.toSeconds());
        rig.advance(passes);
    }

    @Test
    void readsAWriteThatBecomesVisibleAfterTheEndWasLookedUp() throws IOException {
        service.writeMany(0, "g", 2);
        service.split(0, 2);
        ReadingRig rig = rig(plain.settleTime(SETTLE)).reading(0);
        rig.env.readOnly().add(0, service.now().getEpochSecond());
        rig.steps(20);
        assertThat(rig.isFinished()).isFalse();

        time(Duration.ofSeconds(1));
        service.write(0, "t", "g2");
        rig.steps(20);
        time(Duration.ofSeconds(28));
        service.write(0, "t", "g3");
        rig.steps(20);
        assertThat(rig.isFinished()).isFalse();

        time(Duration.ofSeconds(5));
        rig.toTheEnd();
        assertThat(rig.emitted).isEqualTo(groups(0, 4));
    }

    @Test
    void pullsAndLooksOnceMoreAfterTheSettleTime() throws IOException {
        service.split(0, 2);
        ReadingRig rig = rig(plain.settleTime(SETTLE)).reading(0);
        rig.env.readOnly().add(0, service.now().getEpochSecond());
        rig.steps(5);
        assertThat(service.calls("GetCursor")).isEmpty();
        int pulls = service.calls("PullLogs").size();

        time(Duration.ofSeconds(34));
        rig.toTheEnd();
        assertThat(service.calls("PullLogs")).hasSizeGreaterThan(pulls);
        assertThat(service.calls("GetCursor")).hasSize(1);
    }

    @Test
    void doesNotWaitForAShardThatWasClosedLongerAgo() throws IOException {
        service.writeMany(0, "g", 2);
        service.split(0, 2);
        service.advanceSeconds(34);
        ReadingRig rig = rig(plain.settleTime(SETTLE)).reading(0);
        rig.env.readOnly().add(0, service.now().getEpochSecond() - 34);

        rig.toTheEnd();

        assertThat(rig.emitted).isEqualTo(groups(0, 2));
    }

    @Test
    void waitsSinceItHeardOfTheClosingWhenItIsNotKnownWhenThatWas() throws IOException {
        service.split(0, 2);
        ReadingRig rig = rig(plain.settleTime(SETTLE)).reading(0);
        rig.env.readOnly().add(0);
        rig.steps(20);
        time(Duration.ofSeconds(29));
        rig.env.readOnly().add(0);
        rig.steps(20);
        assertThat(rig.isFinished()).isFalse();

        time(Duration.ofSeconds(1));
        rig.toTheEnd();
    }

    // ---- ends that do not fit

    /** The service's cursors, so many numbers beside what they should be. */
    private void shiftCursors(long numbers) {
        service.spellCursors(
                cursor -> Cursor.of(cursor).plus(numbers).orElseThrow().text());
    }

    @Test
    void takesAnEndBelowItsPositionForAnOldAnswer() throws IOException {
        service.writeMany(0, "g", 2);
        service.split(0, 2);
        shiftCursors(-1);
        ReadingRig rig = rig(plain.settleTime(SETTLE)).reading(0);
        rig.env.readOnly().add(0, 1);
        rig.steps(50);
        assertThat(rig.isFinished()).isFalse();
        assertThat(rig.pauseNanos()).isPositive();

        time(Duration.ofSeconds(30));
        rig.toTheEnd();
        assertThat(rig.emitted).isEqualTo(groups(0, 2));
    }

    @Test
    void waitsAgainAfterOldAnswersWhenGroupsCameOrAnEndAboveItsPosition() throws IOException {
        service.writeMany(0, "g", 2);
        service.split(0, 2);
        shiftCursors(-2);
        ReadingRig rig = rig(plain.settleTime(SETTLE)).reading(0);
        rig.env.readOnly().add(0, 1);
        rig.steps(20);
        time(Duration.ofSeconds(29));
        shiftCursors(1);
        rig.steps(4);
        shiftCursors(-2);
        time(Duration.ofSeconds(2));
        rig.steps(20);
        assertThat(rig.isFinished()).isFalse();

        service.write(0, "t", "g2");
        rig.steps(20);
        time(Duration.ofSeconds(29));
        rig.steps(20);
        assertThat(rig.isFinished()).isFalse();

        time(Duration.ofSeconds(1));
        rig.toTheEnd();
        assertThat(rig.emitted).isEqualTo(groups(0, 3));
    }

    @Test
    void neverFinishesBelowTheEndAndReportsItAfterAMinute() throws IOException {
        service.writeMany(0, "g", 2);
        service.split(0, 2);
        shiftCursors(1);
        ReadingRig rig = rig(plain.settleTime(SETTLE)).reading(0);
        rig.env.readOnly().add(0, 1);
        rig.steps(10);
        time(Duration.ofSeconds(59));
        rig.steps(10);
        assertThat(rig.gauge(SourceMetricNames.SHARD_ENDS_IN_DOUBT)).isZero();

        time(Duration.ofMinutes(10));
        rig.steps(100);
        assertThat(rig.isFinished()).isFalse();
        assertThat(rig.gauge(SourceMetricNames.SHARD_ENDS_IN_DOUBT)).isEqualTo(1);

        service.write(0, "t", "g2");
        shiftCursors(0);
        rig.toTheEnd();
        assertThat(rig.emitted).isEqualTo(groups(0, 3));
        assertThat(rig.gauge(SourceMetricNames.SHARD_ENDS_IN_DOUBT)).isZero();
    }

    // ---- the spelling of cursors

    @Test
    void finishesAReadOnlyShardWhoseEndIsSpeltInAnotherWay() throws IOException {
        service.spellCursors(cursor -> cursor.replace("=", ""));
        service.writeMany(0, "g", 2);
        service.split(0, 2);
        ReadingRig rig = rig(plain).reading(0);
        rig.env.readOnly().add(0);

        rig.toTheEnd();

        assertThat(rig.emitted).isEqualTo(groups(0, 2));
    }

    @Test
    void stopsAtACursorThatIsSpeltInAnotherWay() throws IOException {
        service.writeMany(0, "g", 9);

        rig(plain.stop(new StoppingPosition.Now()))
                .reading(0, Position.at(FakeSls.cursorOf(0)), FakeSls.cursorOf(4) + "\n")
                .toTheEnd();

        assertThat(rig.emitted).isEqualTo(groups(0, 4));
    }

    @Test
    void takesAnEmptyAnswerWhoseCursorIsSpeltInAnotherWayForIdle() throws IOException {
        rig(plain)
                .reading(0, Position.at(FakeSls.cursorOf(0).replace("=", "")), null)
                .steps(20);

        assertThat(service.calls("GetCursor")).isEmpty();
        assertThat(service.calls("PullLogs")).hasSize(20).allSatisfy(call -> assertThat(call.detail())
                .isEqualTo(FakeSls.cursorOf(0).replace("=", "")));
    }

    // ---- the end of a bounded run

    @Test
    void stopsAtTheCursorThatWasTheEndAtTheFirstListing() throws IOException {
        service.writeMany(0, "g", 9);
        rig(plain.stop(new StoppingPosition.Now()))
                .reading(0, Position.at(FakeSls.cursorOf(0)), FakeSls.cursorOf(4))
                .toTheEnd();

        assertThat(rig.emitted).isEqualTo(groups(0, 4));
    }

    @Test
    void looksUpTheEndItselfWhenARunIsBoundedOnlySinceItsRestore() throws IOException {
        service.writeMany(0, "g", 4);
        ReadingRig rig = rig(plain.stop(new StoppingPosition.Now())).reading(0).steps(1);
        service.writeMany(0, "later", 4);

        rig.toTheEnd();

        assertThat(rig.emitted).isEqualTo(groups(0, 4));
    }

    @Test
    void neverEmitsWhatWasReceivedAtOrAfterTheStopTime() throws IOException {
        service.writeMany(0, "g", 3);
        service.advanceSeconds(10);
        StoppingPosition stop = new StoppingPosition.At(service.now());
        service.writeMany(0, "late", 3);
        service.advanceSeconds(60);

        rig(plain.stop(stop)).reading(0).toTheEnd();

        assertThat(rig.emitted).isEqualTo(groups(0, 3));
    }

    @Test
    void readsOnUntilTheServicesClockHasPassedAStopTimeInTheFuture() throws IOException {
        service.writeMany(0, "g", 1);
        StoppingPosition stop = new StoppingPosition.At(service.now().plusSeconds(100));
        ReadingRig rig = rig(plain.stop(stop)).reading(0).steps(10);
        assertThat(rig.emitted).isEqualTo(groups(0, 1));
        assertThat(rig.isFinished()).isFalse();

        service.advanceSeconds(99);
        service.write(0, "t", "g1");
        rig.advance(Duration.ofSeconds(99));
        rig.steps(10);
        assertThat(rig.isFinished()).isFalse();

        service.advanceSeconds(5);
        service.write(0, "t", "too late");
        rig.advance(Duration.ofSeconds(5));
        rig.toTheEnd();
        assertThat(rig.emitted).isEqualTo(groups(0, 2));
    }

    @Test
    void trustsTheServicesClockAndNotItsOwn() throws IOException {
        StoppingPosition stop = new StoppingPosition.At(service.now().plusSeconds(100));
        ReadingRig rig = rig(plain.stop(stop)).reading(0);
        rig.clock.now = rig.clock.now.plusSeconds(500);
        service.writeMany(0, "g", 1);
        rig.steps(20);
        assertThat(rig.isFinished()).isFalse();

        service.write(0, "t", "g1");
        rig.steps(20);
        assertThat(rig.emitted).isEqualTo(groups(0, 2));
    }

    @Test
    void endsAtAStopTimeInAShardWithoutAnyGroup() throws IOException {
        StoppingPosition stop = new StoppingPosition.At(service.now());
        service.advanceSeconds(10);

        rig(plain.stop(stop)).reading(0).toTheEnd();

        assertThat(rig.emitted).isEmpty();
    }

    @Test
    void finishesAReadOnlyShardBeforeAStopTimeThatHasNotCome() throws IOException {
        service.writeMany(0, "g", 2);
        service.split(0, 2);
        ReadingRig rig = rig(plain.stop(new StoppingPosition.At(service.now().plusSeconds(1000))))
                .reading(0);
        rig.env.readOnly().add(0);

        rig.toTheEnd();

        assertThat(rig.emitted).isEqualTo(groups(0, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void isFinishedAtAStopThatItsPositionIsPast(int emitted) throws IOException {
        service.writeMany(0, "g", 9);
        ReadingRig rig = rig(plain.stop(new StoppingPosition.Now()))
                .reading(0, new Position(FakeSls.cursorOf(6), emitted), FakeSls.cursorOf(4));

        assertThat(rig.isFinished()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 6})
    void isFinishedAtAStopThatTheEmittedGroupsOfItsBatchReachOrPass(int emitted) throws IOException {
        service.writeMany(0, "g", 9);
        ReadingRig rig = rig(plain.stop(new StoppingPosition.Now()))
                .reading(0, new Position(FakeSls.cursorOf(2), emitted), FakeSls.cursorOf(5));

        assertThat(rig.isFinished()).isTrue();
    }

    @Test
    void isFinishedAtAStopTimeThatItsPositionIsPast() throws IOException {
        service.writeMany(0, "g", 3);
        service.advanceSeconds(10);
        StoppingPosition stop = new StoppingPosition.At(service.now());
        service.writeMany(0, "late", 5);
        service.advanceSeconds(60);

        rig(plain.stop(stop))
                .reading(0, new Position(FakeSls.cursorOf(2), 4), null)
                .toTheEnd();

        assertThat(rig.emitted).isEmpty();
    }

    @Test
    void isFinishedAtItsStopThoughCursorsHaveNoNumbers() throws IOException {
        ReadingRig rig = rig(plain.stop(new StoppingPosition.Now())).reading(0, new Position("opaque", 2), "opaque");

        assertThat(rig.isFinished()).isTrue();
    }

    // ---- lost data

    @ParameterizedTest
    @EnumSource
    void losesNothingWhenOnlyEmittedGroupsOfItsBatchAreGone(AtExpired answer) throws IOException {
        for (int gone = 1; gone <= 5; gone++) {
            FakeSls shard = new FakeSls(1);
            shard.atExpiredCursors(answer);
            shard.writeMany(0, "g", 9);
            shard.trim(0, gone);
            try (ReadingRig other = new ReadingRig(shard, plain.config())) {
                other.reading(0, new Position(FakeSls.cursorOf(0), 5), null).steps(20);

                assertThat(other.emitted).isEqualTo(groups(5, 9));
                assertThat(other.gauge(SourceMetricNames.DATA_GAPS)).isZero();
            }
        }
    }

    @Test
    void losesWhatIsBehindTheEmittedGroupsOnly() throws IOException {
        service.writeMany(0, "g", 9);
        service.trim(0, 7);

        rig(plain.skippingGaps())
                .reading(0, new Position(FakeSls.cursorOf(0), 5), null)
                .steps(20);

        assertThat(rig.emitted).isEqualTo(groups(7, 9));
        assertThat(rig.gauge(SourceMetricNames.DATA_GAP_GROUPS)).isEqualTo(2);
    }

    @Test
    void failsWhenItsCursorIsGone() throws IOException {
        service.writeMany(0, "g", 9);
        service.trim(0, 5);
        ReadingRig rig = rig(plain).reading(0).steps(3);

        assertThatThrownBy(() -> rig.steps(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Shard 0 of fake-project/source")
                .hasMessageContaining(FakeSls.cursorOf(0))
                .hasMessageContaining("Skipped unread: 5 groups")
                .hasMessageContaining("set on-expired-cursor to 'earliest'");
    }

    @Test
    void goesOnAtTheOldestGroupLeftAndCountsTheGapWhenAllowed() throws IOException {
        service.writeMany(0, "g", 9);
        service.trim(0, 5);

        rig(plain.skippingGaps())
                .reading(0, new Position(FakeSls.cursorOf(1), 2), null)
                .steps(10);

        assertThat(rig.emitted).isEqualTo(groups(5, 9));
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(1);
    }

    @Test
    void goesOnWithWhatComesFromNowOnAndCountsTheGapWhenConfiguredSo() throws IOException {
        service.writeMany(0, "old", 9);
        service.trim(0, 5);
        ReadingRig rig = rig(plain.onExpiredCursor(ExpiredCursorPolicy.LATEST))
                .reading(0)
                .steps(5);
        service.writeMany(0, "new", 2);

        rig.steps(5);

        assertThat(rig.emitted).containsExactly("new0", "new1");
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REFUSED")
    void goesOnWithWhatComesFromNowOnWhenTheServicePassesOverLostGroupsInSilence(AtExpired answer) throws IOException {
        service.atExpiredCursors(answer);
        service.writeMany(0, "old", 9);
        service.trim(0, 5);
        ReadingRig rig = rig(plain.onExpiredCursor(ExpiredCursorPolicy.LATEST))
                .reading(0)
                .steps(10);
        service.writeMany(0, "new", 2);

        rig.steps(5);

        assertThat(rig.emitted).containsExactly("new0", "new1");
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(1);
    }

    @Test
    void saysOfHowLongATimeGroupsAreLost() throws IOException {
        service.writeMany(0, "g", 1);
        service.advanceSeconds(60);
        service.writeMany(0, "h", 1);
        ReadingRig rig = rig(plain.skippingGaps());
        service.maxGroupsPerAnswer(1);
        rig.reading(0).steps(1);
        service.advanceSeconds(600);
        service.writeMany(0, "i", 1);
        service.trim(0, 2);

        rig.steps(10);

        assertThat(rig.emitted).containsExactly("g0", "i0");
        assertThat(rig.gauge(SourceMetricNames.DATA_GAP_SECONDS)).isEqualTo(660);
    }

    @Test
    void movesTheStateWithTheCursorWhenItPassesOverAGap() throws IOException {
        service.writeMany(0, "g", 5);
        service.trim(0, 5);

        rig(plain.skippingGaps()).reading(0).steps(10);

        assertThat(rig.position()).isEqualTo(Position.at(FakeSls.cursorOf(5)));
    }

    @Test
    void doesNotBelieveASingleAnswerThatItsCursorIsGone() throws IOException {
        service.writeMany(0, "g", 2);
        service.refuse(ErrorKind.CURSOR_EXPIRED, 2, call -> call.operation().equals("PullLogs"));

        rig(plain).reading(0).steps(5);

        assertThat(rig.emitted).isEqualTo(groups(0, 2));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REFUSED")
    void failsWhenTheServicePassesOverLostGroupsInSilence(AtExpired answer) throws IOException {
        service.atExpiredCursors(answer);
        service.writeMany(0, "g", 9);
        service.trim(0, 5);
        ReadingRig rig = rig(plain).reading(0);

        assertThatThrownBy(() -> rig.steps(10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("older than the oldest available data")
                .hasMessageContaining("5 groups");
        assertThat(rig.emitted).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REFUSED")
    void countsTheGapWhenTheServicePassesOverLostGroupsInSilence(AtExpired answer) throws IOException {
        service.atExpiredCursors(answer);
        service.writeMany(0, "g", 9);
        service.trim(0, 5);

        rig(plain.skippingGaps()).reading(0).steps(10);

        assertThat(rig.emitted).isEqualTo(groups(5, 9));
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(1);
    }

    @Test
    void takesNoneOfTheOldestGroupsForEmittedWhenThoseThatWereAreGone() throws IOException {
        service.atExpiredCursors(AtExpired.OLDEST);
        service.writeMany(0, "g", 9);
        service.trim(0, 5);

        rig(plain.skippingGaps())
                .reading(0, new Position(FakeSls.cursorOf(0), 3), null)
                .steps(10);

        assertThat(rig.emitted).isEqualTo(groups(5, 9));
    }

    /** Ways to leave out the first two groups of a batch that are all there. */
    private static UnaryOperator<PulledBatch> leavingOutTwo(boolean all) {
        return batch -> all
                ? new PulledBatch(new byte[0], 0, 0, FakeSls.cursorOf(2), false, 0, 0)
                : new PulledBatch(
                        batch.data(),
                        batch.length(),
                        batch.groups(),
                        FakeSls.cursorOf(2 + batch.groups()),
                        false,
                        batch.receivedAtSeconds(),
                        0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pullsAgainWhatTheServicePassesOverAndStillHolds(boolean all) throws IOException {
        service.writeMany(0, "g", 5);
        service.corruptNext(leavingOutTwo(all));
        service.corruptNext(leavingOutTwo(all));

        rig(plain).reading(0).steps(10);

        assertThat(rig.emitted).isEqualTo(groups(0, 5));
    }

    @Test
    void failsWhenItsShardIsGone() throws IOException {
        service.writeMany(0, "g", 2);
        ReadingRig rig = rig(plain).reading(0).steps(1);
        service.remove(0);
        rig.steps(2);

        assertThatThrownBy(() -> rig.steps(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Shard 0 of fake-project/source no longer exists")
                .hasMessageContaining(FakeSls.cursorOf(2));
    }

    @Test
    void finishesAShardThatIsGoneAndCountsTheGapWhenAllowed() throws IOException {
        ReadingRig rig = rig(plain.skippingGaps()).reading(0).steps(1);
        service.remove(0);

        rig.toTheEnd();

        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(1);
        assertThat(rig.gauge(SourceMetricNames.EXPIRED_SHARDS)).isEqualTo(1);
    }

    @Test
    void takesNothingForLostWhenAShardGoesThatWasReadToItsEnd() throws IOException {
        service.writeMany(0, "g", 2);
        service.split(0, 2);
        ReadingRig rig = rig(plain).reading(0);
        rig.env.readOnly().add(0);
        rig.steps(2);
        service.remove(0);

        rig.toTheEnd();

        assertThat(rig.emitted).isEqualTo(groups(0, 2));
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isZero();
    }

    @Test
    void endsABoundedRunWhoseWholeRestIsGone() throws IOException {
        service.writeMany(0, "g", 9);
        service.trim(0, 9);

        rig(plain.stop(new StoppingPosition.Now()).skippingGaps())
                .reading(0, Position.at(FakeSls.cursorOf(0)), FakeSls.cursorOf(4))
                .toTheEnd();

        assertThat(rig.emitted).isEmpty();
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(1);
    }

    // ---- failures

    @ParameterizedTest
    @EnumSource(names = {"THROTTLED", "UNAVAILABLE", "UNAUTHORIZED", "NOT_FOUND"})
    void showsThatAShardFailsAndUntilWhenItIsTried(ErrorKind kind) throws IOException {
        service.refuse(kind, "PullLogs");
        rig(plain).reading(0);
        assertThat(rig.gauge(SourceMetricNames.FAILING_SHARDS)).isZero();

        rig.steps(1);

        assertThat(rig.gauge(SourceMetricNames.FAILING_SHARDS)).isEqualTo(1);
        Problem problem = Problem.parse(rig.text(SourceMetricNames.PROBLEM)).orElseThrow();
        assertThat(problem.message()).contains("PullLogs");
        assertThat(problem.retryAt()).isNotNull();
        boolean ends = kind == ErrorKind.UNAUTHORIZED || kind == ErrorKind.NOT_FOUND;
        assertThat(problem.kind() == Problem.Kind.DENIED).isEqualTo(ends);
        assertThat(problem.until() != null).isEqualTo(ends);
    }

    @ParameterizedTest
    @EnumSource(names = {"THROTTLED", "UNAVAILABLE", "UNAUTHORIZED", "NOT_FOUND"})
    void readsOnWhenAFailureHeals(ErrorKind kind) throws IOException {
        service.writeMany(0, "g", 3);
        service.refuse(kind, 5, call -> call.operation().equals("PullLogs"));

        rig(plain).reading(0).steps(6);

        assertThat(rig.emitted).isEqualTo(groups(0, 3));
        assertThat(rig.metrics
                        .getCounter(
                                "sls",
                                "logstore",
                                service.logstore().logstore(),
                                SourceMetricNames.CODE,
                                kind.name(),
                                SourceMetricNames.ERRORS)
                        .orElseThrow()
                        .getCount())
                .isEqualTo(5);
        String metric = kind == ErrorKind.THROTTLED ? SourceMetricNames.THROTTLES : SourceMetricNames.ERRORS;
        assertThat(rig.gauge(SourceMetricNames.SHARD, "0", metric)).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAUTHORIZED", "NOT_FOUND"})
    void failsWhenWhatNeedsHelpDoesNotHealWithinTheGrace(ErrorKind kind) throws IOException {
        service.refuse(kind, "PullLogs");
        ReadingRig rig = rig(plain).reading(0).steps(10);
        rig.advance(Duration.ofSeconds(61));

        assertThatThrownBy(() -> rig.steps(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reading has failed for 1 min 1 s")
                .hasMessageContaining(kind == ErrorKind.NOT_FOUND ? "Create the project or logstore" : "credentials");
    }

    @Test
    void countsTheGraceFromTheLastSuccess() throws IOException {
        for (int i = 0; i < 5; i++) {
            service.refuse(ErrorKind.UNAUTHORIZED, 2, call -> call.operation().equals("PullLogs"));
            (i == 0 ? rig(plain).reading(0) : rig).steps(1);
            rig.advance(Duration.ofSeconds(50));
            rig.steps(2);
        }
        assertThat(rig.isFinished()).isFalse();
    }

    @Test
    void failsAtOnceOnARequestThatTheServiceWillNeverTake() {
        service.refuse(ErrorKind.INVALID_REQUEST, "PullLogs");

        assertThatThrownBy(() -> rig(plain).reading(0).steps(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a retry cannot succeed");
    }

    @Test
    void pullsAgainWhatCannotBeRead() throws IOException {
        service.writeMany(0, "g", 3);
        service.corruptNext(batch -> truncated(batch, batch.length() - 1));
        service.corruptNext(batch -> announcing(batch, batch.groups() + 1));

        rig(plain).reading(0).steps(4);

        assertThat(rig.emitted).isEqualTo(groups(0, 3));
    }

    @Test
    void failsWhenTheSameAnswerStaysUnreadable() throws IOException {
        service.writeMany(0, "g", 3);
        for (int i = 0; i < 3; i++) {
            service.corruptNext(batch -> announcing(batch, 1_000_000_000));
        }
        ReadingRig rig = rig(plain).reading(0).steps(2);

        assertThatThrownBy(() -> rig.steps(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unreadable 3 times in a row")
                .hasMessageContaining("1000000000 log groups do not fit into");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void doesNotEmitGroupsTwiceWhenTheNextCursorIsNotBehindThem(int next) throws IOException {
        service.writeMany(0, "g", 3);
        service.corruptNext(batch ->
                new PulledBatch(batch.data(), batch.length(), batch.groups(), FakeSls.cursorOf(next), true, 0, 0));

        rig(plain).reading(0).steps(4);

        assertThat(rig.emitted).isEqualTo(groups(0, 3));
    }

    // ---- malformed groups

    @Test
    void emitsAMalformedGroupInAWholeListAndReadsOn() throws IOException {
        service.write(0, "t", "g0");
        service.writeBytes(0, new byte[] {0x1a, 100, 1});
        service.writeBytes(0, nestedDeeply());
        service.write(0, "t", "g3");

        ReadingRig rig = rig(plain).reading(0).steps(6);

        assertThat(rig.groups).extracting(RawLogGroup::isMalformed).containsExactly(false, true, true, false);
        assertThat(rig.groups).extracting(RawLogGroup::topic).containsExactly("t", "", "", "t");
        assertThat(rig.groups.get(1).bytes().toArray()).containsExactly(0x1a, 100, 1);
        assertThat(rig.groups.get(2).bytes().toArray()).isEqualTo(nestedDeeply());
        assertThat(rig.position()).isEqualTo(Position.at(FakeSls.cursorOf(4)));
    }

    @Test
    void pullsAgainWhatWasDamagedOnItsWay() throws IOException {
        service.writeMany(0, "g", 3);
        service.corruptNext(ShardPullerTest::withABrokenTag);

        rig(plain).reading(0).steps(4);

        assertThat(rig.emitted).isEqualTo(groups(0, 3));
        assertThat(rig.groups).noneMatch(RawLogGroup::isMalformed);
    }

    @Test
    void failsWhenMalformedGroupsAreOthersEachTime() {
        service.write(0, "t", "longer than the others");
        for (int i = 0; i < 10; i++) {
            int changed = i + 3;
            service.corruptNext(batch -> {
                PulledBatch broken = withABrokenTag(batch);
                broken.data()[broken.length() - changed] ^= 1;
                return broken;
            });
        }
        ReadingRig rig = rig(plain).reading(0);

        assertThatThrownBy(() -> rig.steps(10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("malformed log groups, different ones each time");
        assertThat(rig.emitted).isEmpty();
    }

    /** A writer of such groups that is busy: each answer brings one more than the one before. */
    @Test
    void believesMalformedGroupsToWhichMoreCome() throws IOException {
        service.writeBytes(0, new byte[] {0x1a, 100, 1});
        ReadingRig rig = rig(plain).reading(0);

        for (int i = 0; i < 20; i++) {
            rig.steps(1);
            service.writeBytes(0, new byte[] {0x1a, 101, (byte) i});
        }
        rig.steps(3);

        assertThat(rig.groups).hasSize(21).allMatch(RawLogGroup::isMalformed);
    }

    /** As deep as no protobuf library goes. */
    private static byte[] nestedDeeply() {
        byte[] nested = new byte[200_000];
        Arrays.fill(nested, 0, 100_000, (byte) 0x7b);
        Arrays.fill(nested, 100_000, 200_000, (byte) 0x7c);
        return nested;
    }

    /** The list around it stays whole. */
    private static PulledBatch withABrokenTag(PulledBatch batch) {
        byte[] data = Arrays.copyOf(batch.data(), batch.length());
        data[2] = 7;
        return new PulledBatch(
                data,
                batch.length(),
                batch.groups(),
                batch.nextCursor(),
                true,
                batch.receivedAtSeconds(),
                batch.serverTimeSeconds());
    }

    // ---- numbers of groups

    @Test
    void numbersGroupsByThemselvesHoweverTheyArePulled() throws IOException {
        service.writeMany(0, "g", 6);
        service.maxGroupsPerAnswer(4);

        rig(plain).reading(0).steps(3);
        List<OptionalLong> first = rig.groups.stream().map(RawLogGroup::number).toList();
        rig.groups.clear();
        service.maxGroupsPerAnswer(3);
        rig.reading(0, Position.at(FakeSls.cursorOf(1)), null).steps(3);

        assertThat(first).doesNotContain(OptionalLong.empty()).hasSize(6);
        assertThat(rig.groups).extracting(RawLogGroup::number).isEqualTo(first.subList(1, 6));
    }

    private static PulledBatch truncated(PulledBatch batch, int length) {
        return new PulledBatch(
                batch.data(), length, batch.groups(), batch.nextCursor(), true, batch.receivedAtSeconds(), 0);
    }

    private static PulledBatch announcing(PulledBatch batch, int groups) {
        return new PulledBatch(
                batch.data(), batch.length(), groups, batch.nextCursor(), true, batch.receivedAtSeconds(), 0);
    }

    // ---- poll back-off

    @Test
    void pullsOnAtOnceWhileThereIsMoreAndPausesAtTheEnd() throws IOException {
        service.writeMany(0, "g", 4);
        service.maxGroupsPerAnswer(2);
        ReadingRig rig = rig(plain).reading(0).steps(1);
        assertThat(rig.pauseNanos()).isZero();

        rig.steps(1);
        assertThat(rig.pauseNanos()).isEqualTo(Duration.ofMillis(1).toNanos());
    }

    @Test
    void showsHowFarBehindAShardIs() throws IOException {
        service.writeMany(0, "g", 4);
        service.maxGroupsPerAnswer(1);
        ReadingRig rig = rig(plain).reading(0);
        rig.advance(Duration.ofMinutes(2));
        rig.steps(1);
        assertThat(rig.gauge(SourceMetricNames.SHARD, "0", SourceMetricNames.LAG_SECONDS))
                .isEqualTo(120);

        rig.steps(3);
        assertThat(rig.gauge(SourceMetricNames.SHARD, "0", SourceMetricNames.LAG_SECONDS))
                .isZero();
        rig.advance(Duration.ofSeconds(7));
        assertThat(rig.gauge(SourceMetricNames.SHARD, "0", SourceMetricNames.LAG_SECONDS))
                .isEqualTo(7);
    }
}
