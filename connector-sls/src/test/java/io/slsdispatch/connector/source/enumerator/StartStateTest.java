package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.source.enumerator.EnumeratorState.StopNowCutoff;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the start became is part of state: a shard that was not looked up before a savepoint begins after it where it would
 * have begun before it. There are five groups from before the submission and five that come while the job is down.
 */
class StartStateTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Position AT_THE_SUBMISSION = Position.at(FakeSls.cursorOf(5));

    private final FakeSls service = new FakeSls(2);
    private final TestConfigs plain = TestConfigs.of(service.logstore());

    @BeforeEach
    void writeTheOldGroups() {
        service.writeMany(0, "old", 5);
        service.advanceSeconds(60);
    }

    @AfterEach
    void stopService() {
        service.close();
    }

    private StartingPosition submittedNow() {
        return new StartingPosition.End().frozenAt(service.now());
    }

    /** Five groups of a later time than everything so far. */
    private void writeWhileTheJobIsDown() {
        service.advanceSeconds(60);
        service.writeMany(0, "meanwhile", 5);
        service.advanceSeconds(60);
    }

    private EnumeratorState stateWhileRefused(TestConfigs configs, String operation) throws IOException {
        service.refuse(ErrorKind.UNAVAILABLE, operation);
        EnumeratorState state = new EnumeratorRig(service, configs.config(), 1)
                .readersStart()
                .discover()
                .snapshot(1);
        service.heal();
        return state;
    }

    private Position startOfShard0(TestConfigs configs, EnumeratorState state) throws IOException {
        return startOfShard0(new EnumeratorRig(service, configs.config(), 1, state)
                .readersStart()
                .discover());
    }

    private static Position startOfShard0(EnumeratorRig rig) {
        return rig.splitsFor(0).stream()
                .filter(split -> split.shard() == 0)
                .findFirst()
                .orElseThrow()
                .position();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GetCursor", "ListShards"})
    void groupsOfTheTimeBetweenASavepointAndTheNextSubmissionAreReadWithAStartOfEnd(String refused) throws IOException {
        EnumeratorState state = stateWhileRefused(plain.start(submittedNow()), refused);
        writeWhileTheJobIsDown();

        assertThat(startOfShard0(plain.start(submittedNow()), state)).isEqualTo(AT_THE_SUBMISSION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GetCursor", "ListShards", "GetCheckPoint"})
    void theFallbackOfAConsumerGroupDoesNotMoveEither(String refused) throws IOException {
        EnumeratorState state =
                stateWhileRefused(plain.start(new StartingPosition.Committed("script", submittedNow())), refused);
        writeWhileTheJobIsDown();

        assertThat(startOfShard0(plain.start(new StartingPosition.Committed("script", submittedNow())), state))
                .isEqualTo(AT_THE_SUBMISSION);
    }

    /** It does not help to look twice: after two savepoints it is still the first submission. */
    @Test
    void theSubmissionHoldsOverSeveralRestores() throws IOException {
        EnumeratorState state = stateWhileRefused(plain.start(submittedNow()), "ListShards");
        writeWhileTheJobIsDown();
        service.refuse(ErrorKind.UNAVAILABLE, "GetCursor");
        EnumeratorRig second = new EnumeratorRig(
                        service, plain.start(submittedNow()).config(), 1, state)
                .readersStart()
                .discover();
        EnumeratorState again = second.snapshot(2);
        service.heal();
        service.advanceSeconds(600);

        assertThat(startOfShard0(plain.start(submittedNow()), again)).isEqualTo(AT_THE_SUBMISSION);
    }

    /** The job's own commits, or those of others, must not become the start of a shard that was not read. */
    @Test
    void whatTheConsumerGroupHeldAtFirstHoldsAfterARestore() throws IOException {
        service.commit("shared", 0, FakeSls.cursorOf(2));
        TestConfigs configs = plain.start(new StartingPosition.Committed("shared", new StartingPosition.Begin()))
                .consumerGroup("shared")
                .stop(new StoppingPosition.Now());
        EnumeratorState state = stateWhileRefused(configs, "GetCursor");
        service.commit("shared", 0, FakeSls.cursorOf(4));

        assertThat(startOfShard0(configs, state)).isEqualTo(Position.at(FakeSls.cursorOf(2)));
    }

    @Test
    void aGroupOfWhichOnlyItsLogstoreIsMissingJustNowIsAskedForAgain() throws IOException {
        service.commit("script", 0, FakeSls.cursorOf(2));
        // Not the code by which the service says that there is no such group.
        service.refuse(ErrorKind.NOT_FOUND, 2, call -> call.operation().equals("GetCheckPoint"));
        TestConfigs configs = plain.start(new StartingPosition.Committed("script", submittedNow()));
        EnumeratorRig rig =
                new EnumeratorRig(service, configs.config(), 1).readersStart().discover();
        assertThat(rig.assigned()).isEmpty();

        assertThat(startOfShard0(rig.discover().discover())).isEqualTo(Position.at(FakeSls.cursorOf(2)));
    }

    static Stream<StartingPosition> anotherStartInTheFileChangesNothing() {
        return Stream.of(
                new StartingPosition.Begin(), new StartingPosition.Committed("nobody", new StartingPosition.Begin()));
    }

    @ParameterizedTest
    @MethodSource
    void anotherStartInTheFileChangesNothing(StartingPosition other) throws IOException {
        EnumeratorState state = stateWhileRefused(plain.start(submittedNow()), "GetCursor");
        writeWhileTheJobIsDown();

        assertThat(startOfShard0(plain.start(other), state)).isEqualTo(AT_THE_SUBMISSION);
    }

    @Test
    void beginStaysBegin() throws IOException {
        EnumeratorState state = stateWhileRefused(plain, "ListShards");
        writeWhileTheJobIsDown();

        assertThat(startOfShard0(plain.start(submittedNow()), state)).isEqualTo(Position.at(FakeSls.cursorOf(0)));
    }

    // ---- state of version 1

    /** As an earlier build wrote it: nothing says what the start was. */
    private EnumeratorState version1(EnumeratorState state) {
        return new EnumeratorState(
                state.logstore(),
                state.stop(),
                state.initialDiscoveryDone(),
                state.unfinished(),
                state.finished(),
                null,
                StopNowCutoff.OF_VERSION_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GetCursor", "ListShards"})
    void everythingIsReadWhereStateOfVersion1DoesNotSayWhenEndWas(String refused) throws IOException {
        EnumeratorState state = version1(stateWhileRefused(plain.start(submittedNow()), refused));
        writeWhileTheJobIsDown();

        assertThat(startOfShard0(plain.start(submittedNow()), state)).isEqualTo(Position.at(FakeSls.cursorOf(0)));
        assertThat(startOfShard0(plain.start(new StartingPosition.Committed("script", submittedNow())), state))
                .isEqualTo(Position.at(FakeSls.cursorOf(0)));
    }

    @Test
    void aConfiguredTimeHoldsForStateOfVersion1() throws IOException {
        TestConfigs configs = plain.start(new StartingPosition.At(service.now()));
        EnumeratorState state = version1(stateWhileRefused(configs, "GetCursor"));
        writeWhileTheJobIsDown();

        assertThat(startOfShard0(configs, state)).isEqualTo(AT_THE_SUBMISSION);
    }

    // ---- clocks

    /** Receive times are of the service's clock: a submission by a clock that is ahead would pass over what comes next. */
    @Test
    void nothingIsPassedOverWhenTheClockHereIsAheadOfTheServices() throws IOException {
        TestConfigs configs =
                plain.start(new StartingPosition.End().frozenAt(service.now().plus(HOUR)));
        EnumeratorState fresh = EnumeratorState.fresh(configs.config());
        service.writeMany(0, "new", 5);

        EnumeratorRig rig = new EnumeratorRig(service, configs.config(), 1, fresh, HOUR)
                .readersStart()
                .discover();
        assertThat(startOfShard0(rig)).isEqualTo(AT_THE_SUBMISSION);
    }

    /** The job was submitted on another machine than it runs on. */
    @Test
    void nothingIsPassedOverWhenTheClockOfTheSubmissionAloneIsAhead() throws IOException {
        TestConfigs configs =
                plain.start(new StartingPosition.End().frozenAt(service.now().plus(HOUR)));
        service.writeMany(0, "new", 5);

        EnumeratorRig rig =
                new EnumeratorRig(service, configs.config(), 1).readersStart().tick();
        assertThat(startOfShard0(rig)).isEqualTo(AT_THE_SUBMISSION);
    }

    @Test
    void tooMuchIsReadWhenTheServiceDoesNotSayItsTime() throws IOException {
        service.hideClock();
        service.advanceSeconds(Duration.ofMinutes(20).toSeconds());
        service.writeMany(0, "just before", 5);
        service.advanceSeconds(60);
        TestConfigs configs = plain.start(submittedNow());

        EnumeratorRig rig =
                new EnumeratorRig(service, configs.config(), 1).readersStart().discover();
        assertThat(startOfShard0(rig)).isEqualTo(Position.at(FakeSls.cursorOf(5)));
    }

    @Test
    void whatAConsumerGroupHeldIsNotKeptLongerThanItIsNeeded() throws IOException {
        service.commit("script", 0, FakeSls.cursorOf(2));
        TestConfigs configs = plain.start(new StartingPosition.Committed("script", new StartingPosition.Begin()));
        EnumeratorState state = new EnumeratorRig(service, configs.config(), 1)
                .readersStart()
                .discover()
                .snapshot(1);

        assertThat(state.start()).isEqualTo(ResolvedStart.of(configs.config().start()));
        assertThat(state.withoutStart()).isEqualTo(List.of());
    }
}
