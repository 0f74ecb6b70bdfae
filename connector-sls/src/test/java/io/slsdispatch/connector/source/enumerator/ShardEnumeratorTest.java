package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.split.ShardEvent.FinishesCheckpointed;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsReadOnly;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShardEnumeratorTest {

    private final FakeSls service = new FakeSls(4);
    private final TestConfigs plain = TestConfigs.of(service.logstore());

    @AfterEach
    void stopService() {
        service.close();
    }

    private EnumeratorRig rig(TestConfigs configs, int parallelism) throws IOException {
        return new EnumeratorRig(service, configs.config(), parallelism);
    }

    private EnumeratorRig restored(TestConfigs configs, int parallelism, EnumeratorState state) throws IOException {
        return new EnumeratorRig(service, configs.config(), parallelism, state);
    }

    // ---- who gets what

    @Test
    void spreadsShardsEvenlyOverReaders() throws IOException {
        EnumeratorRig rig = rig(plain, 3).readersStart().discover();

        assertThat(List.of(
                        rig.assignedTo(0).size(),
                        rig.assignedTo(1).size(),
                        rig.assignedTo(2).size()))
                .containsExactly(2, 1, 1);
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void assignsNothingUntilEveryReaderHasSaidWhatItHolds() throws IOException {
        EnumeratorRig rig = rig(plain, 2).readerStarts(0, List.of()).discover();
        rig.register(1);
        assertThat(rig.assigned()).isEmpty();

        rig.enumerator().handleSourceEvent(1, EnumeratorRig.holds(List.of()));
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void givesNewShardsToTheReaderWithTheFewestOpenOnes() throws IOException {
        EnumeratorRig first = rig(plain, 2).readersStart().discover();
        EnumeratorState state = first.snapshot(1);
        EnumeratorRig rig = restored(plain, 2, state)
                .readerStarts(
                        0,
                        List.of(
                                first.splitsFor(0).get(0),
                                first.splitsFor(0).get(1),
                                first.splitsFor(1).get(0)))
                .readerStarts(1, List.of(first.splitsFor(1).get(1)));
        service.split(1, 2);

        rig.discover();
        rig.enumerator().handleSourceEvent(0, new ShardsFinished(List.of(1)));

        assertThat(rig.assignedTo(1)).containsExactly(4);
        assertThat(rig.assignedTo(0)).containsExactly(5);
    }

    @Test
    void doesNotAssignWhileAReaderIsDown() throws IOException {
        EnumeratorRig rig = rig(plain, 2).readersStart().discover();
        rig.readerFails(1);
        service.split(0, 2);
        rig.discover();
        rig.enumerator().handleSourceEvent(0, new ShardsFinished(List.of(0)));
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);

        rig.readerIsReset(1, -1);
        rig.readerStarts(1, List.of());
        assertThat(rig.assigned()).contains(4, 5);
    }

    // ---- order

    @Test
    void assignsChildrenOnlyAfterEveryParentIsFinished() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        int merged = service.merge(1, 2);
        rig.discover();
        rig.enumerator().handleSourceEvent(0, new ShardsFinished(List.of(1)));
        assertThat(rig.assigned()).doesNotContain(merged);

        rig.enumerator().handleSourceEvent(0, new ShardsFinished(List.of(2)));
        assertThat(rig.assigned()).contains(merged);
    }

    @Test
    void followsGenerationsThatCameAndWentBetweenTwoListings() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        int merged = service.merge(0, 1);
        List<Integer> children = service.split(merged, 4);
        int again = service.merge(children.get(1), children.get(2));

        rig.discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
        finish(rig, 0, 1);
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3, merged);
        finish(rig, merged);
        assertThat(rig.assigned())
                .containsExactlyInAnyOrder(
                        0, 1, 2, 3, merged, children.get(0), children.get(1), children.get(2), children.get(3));
        finish(rig, children.get(1));
        assertThat(rig.assigned()).doesNotContain(again);
        finish(rig, children.get(2));
        assertThat(rig.assigned()).contains(again);
    }

    @Test
    void readsAShardThatWasSplitWhileTheJobWasDownBeforeItsChildren() throws IOException {
        EnumeratorRig first = rig(plain, 1).readersStart().discover();
        EnumeratorState state = first.snapshot(1);
        List<Integer> children = service.split(0, 2);

        EnumeratorRig rig =
                restored(plain, 1, state).readerStarts(0, first.splitsFor(0)).discover();
        assertThat(rig.assigned()).isEmpty();
        assertReadOnly(rig.eventsFor(0), 0);

        finish(rig, 0);
        assertThat(rig.assigned()).containsExactlyElementsOf(children);
    }

    @Test
    void readsTheMergeOfNeighboursThatCameFromDifferentShardsAfterBothAndItsChildrenAfterThat() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        List<Integer> left = service.split(0, 2);
        List<Integer> right = service.split(1, 2);
        int merged = service.merge(left.get(1), right.get(0));
        List<Integer> again = service.split(merged, 2);
        rig.discover();

        finish(rig, 0);
        assertThat(rig.assigned()).containsExactlyInAnyOrder(0, 1, 2, 3, left.get(0), left.get(1));
        finish(rig, left.get(1), 1);
        assertThat(rig.assigned()).contains(right.get(0)).doesNotContain(merged);
        finish(rig, right.get(0));
        assertThat(rig.assigned()).contains(merged).doesNotContainAnyElementsOf(again);
        finish(rig, merged);
        assertThat(rig.assigned()).containsAll(again);
    }

    @Test
    void waitsForNoGrandparentThatIsGoneFromTheListing() throws IOException {
        List<Integer> left = service.split(0, 2);
        List<Integer> right = service.split(1, 2);
        int merged = service.merge(left.get(1), right.get(0));
        service.remove(0);
        EnumeratorRig rig = rig(plain, 1).readersStart().discover().discover().discover();
        assertThat(rig.assigned()).containsAll(left).contains(1).doesNotContain(merged);

        finish(rig, 1, left.get(1));
        finish(rig, right.get(0));
        assertThat(rig.assigned()).contains(merged);
    }

    @Test
    void doesNotWaitForAncestorsThatNobodyKnows() throws IOException {
        List<Integer> children = service.split(0, 2);
        service.remove(0);

        EnumeratorRig rig = rig(plain, 1).readersStart().discover().discover().discover();

        assertThat(rig.assigned()).containsAll(children);
    }

    @Test
    void readsChildrenAtOnceWhenOrderIsOff() throws IOException {
        EnumeratorRig rig = rig(plain.order(ShardOrder.NONE), 1).readersStart().discover();
        List<Integer> children = service.split(0, 2);
        rig.discover();

        assertThat(rig.assigned()).containsAll(children);
    }

    @Test
    void assignsChildrenOnlyWhenACompletedCheckpointHoldsTheEndOfEveryParent() throws IOException {
        EnumeratorRig rig =
                rig(plain.order(ShardOrder.AFTER_DELIVERY), 1).readersStart().discover();
        int merged = service.merge(1, 2);
        rig.discover();
        finish(rig, 1);
        rig.snapshot(1);
        finish(rig, 2);
        rig.complete(1);
        rig.discover();
        assertThat(rig.assigned()).doesNotContain(merged);

        rig.snapshot(2);
        rig.discover();
        assertThat(rig.assigned()).doesNotContain(merged);
        rig.complete(2);
        assertThat(rig.assigned()).contains(merged);
    }

    @Test
    void anAbortedCheckpointReleasesNoChildrenAndALaterOneMakesUpForItAndForLostNotifications() throws Exception {
        EnumeratorRig rig =
                rig(plain.order(ShardOrder.AFTER_DELIVERY), 1).readersStart().discover();
        List<Integer> children = service.split(0, 2);
        rig.discover();
        finish(rig, 0);
        rig.snapshot(1);
        rig.enumerator().notifyCheckpointAborted(1);
        rig.discover();
        assertThat(rig.assigned()).doesNotContainAnyElementsOf(children);

        rig.snapshot(2);
        rig.snapshot(3);
        rig.complete(3);
        assertThat(rig.assigned()).containsAll(children);
    }

    @Test
    void childrenWaitAgainWhenAReaderFallsBackBehindTheEndOfTheirParent() throws IOException {
        EnumeratorRig rig =
                rig(plain.order(ShardOrder.AFTER_DELIVERY), 1).readersStart().discover();
        rig.snapshot(1);
        rig.complete(1);
        List<ShardSplit> atCheckpoint = rig.splitsFor(0);
        List<Integer> children = service.split(0, 2);
        rig.discover();
        finish(rig, 0);
        rig.snapshot(2);

        rig.readerIsReset(0, 1);
        rig.readerStarts(0, atCheckpoint).discover();
        rig.snapshot(3);
        rig.complete(3);
        assertThat(rig.assigned()).doesNotContainAnyElementsOf(children);

        finish(rig, 0);
        rig.snapshot(4);
        rig.complete(4);
        assertThat(rig.assigned()).containsAll(children);
    }

    @Test
    void aRestoredCheckpointReleasesTheChildrenOfWhatItHoldsAsFinishedInWhicheverPart() throws IOException {
        TestConfigs delivered = plain.order(ShardOrder.AFTER_DELIVERY);
        EnumeratorRig first = rig(delivered, 1).readersStart().discover();
        List<Integer> children = service.split(0, 2);
        List<Integer> others = service.split(1, 2);
        first.discover();
        finish(first, 0);
        EnumeratorState state = first.snapshot(1);
        List<ShardSplit> held = first.splitsFor(0).stream()
                .map(split -> split.at(split.position(), split.shard() <= 1))
                .toList();

        EnumeratorRig rig = restored(delivered, 2, state).readerStarts(1, held).readerStarts(0, List.of());

        assertThat(rig.assigned()).containsAll(children).containsAll(others);
    }

    @Test
    void aBoundedRunReadsChildrenThatWaitForACheckpointBeforeItEnds() throws IOException {
        TestConfigs configs = plain.order(ShardOrder.AFTER_DELIVERY).stop(new StoppingPosition.At(service.now()));
        EnumeratorRig rig = rig(configs, 1).readersStart().discover();
        List<Integer> children = service.split(0, 2);
        rig.discover();
        finish(rig, 0, 1, 2, 3);
        rig.discover();
        assertThat(rig.isEnded(0)).isFalse();

        rig.snapshot(1);
        rig.complete(1);
        finish(rig, children.get(0), children.get(1));
        rig.discover();
        assertThat(rig.isEnded(0)).isTrue();
    }

    // ---- status

    @Test
    void tellsReadersWhenShardsWereClosed() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        service.advanceSeconds(100);
        service.split(0, 2);
        long splitAt = service.now().getEpochSecond();
        rig.discover();

        assertThat(rig.eventsFor(0)).contains(new ShardsReadOnly(Map.of(0, splitAt)));
    }

    @Test
    void tellsTheReaderWhenItsShardBecomesReadOnly() throws IOException {
        EnumeratorRig rig = rig(plain, 2).readersStart().discover();
        service.split(1, 2);
        rig.discover();

        int holder = rig.assignedTo(0).contains(1) ? 0 : 1;
        assertReadOnly(rig.eventsFor(holder), 1);
        assertThat(rig.eventsFor(1 - holder)).isEmpty();
    }

    @Test
    void tellsAReaderThatGetsOrRestoresAReadOnlyShard() throws IOException {
        service.split(0, 2);
        EnumeratorRig first = rig(plain, 1).readersStart().discover();
        assertReadOnly(first.eventsFor(0), 0);

        EnumeratorRig rig = restored(plain, 1, first.snapshot(1)).readerStarts(0, first.splitsFor(0));
        assertReadOnly(rig.eventsFor(0), 0);
    }

    @Test
    void ignoresAListingThatShowsAReadOnlyShardWritableAgain() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        List<Shard> before = service.shards();
        service.split(0, 2);
        rig.discover();
        service.changeNextListing(now -> before);
        rig.discover();
        finish(rig, 0);

        assertThat(rig.assigned()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    // ---- start positions

    @Test
    void readsShardsThatAppearLaterFromTheirBeginningWhateverTheStart() throws IOException {
        service.writeMany(0, "old", 5);
        EnumeratorRig rig = rig(
                        plain.start(new StartingPosition.At(service.now().plusSeconds(3600))), 1)
                .readersStart()
                .discover();
        List<Integer> children = service.split(0, 2);
        // Before the start, which therefore must not be asked for here.
        service.writeMany(children.get(0), "new", 3);
        rig.discover();
        finish(rig, 0);

        assertThat(positionOf(rig, 0)).isEqualTo(Position.at(FakeSls.cursorOf(5)));
        assertThat(positionOf(rig, children.get(0))).isEqualTo(Position.at(FakeSls.cursorOf(0)));
    }

    @Test
    void resolvesTheSameStartAgainWhenItFailsBeforeTheFirstCheckpoint() throws IOException {
        service.writeMany(0, "old", 5);
        service.advanceSeconds(10);
        TestConfigs configs = plain.start(new StartingPosition.At(service.now()));
        rig(configs, 1).readersStart().discover();
        service.advanceSeconds(5);
        service.writeMany(0, "meanwhile", 5);

        EnumeratorRig again = rig(configs, 1).readersStart().discover();

        assertThat(positionOf(again, 0)).isEqualTo(Position.at(FakeSls.cursorOf(5)));
    }

    @Test
    void keepsAResolvedStartInState() throws IOException {
        service.writeMany(0, "old", 5);
        EnumeratorState state = rig(plain, 1).discover().snapshot(1);
        service.trim(0, 3);

        EnumeratorRig rig = restored(plain, 1, state).readersStart();

        assertThat(positionOf(rig, 0)).isEqualTo(Position.at(FakeSls.cursorOf(0)));
    }

    @Test
    void continuesWhereAConsumerGroupStands() throws IOException {
        service.writeMany(0, "g", 9);
        service.commit("script", 0, FakeSls.cursorOf(7));
        service.advanceSeconds(60);
        TestConfigs configs =
                plain.start(new StartingPosition.Committed("script", new StartingPosition.At(service.now())));

        EnumeratorRig rig = rig(configs, 1).readersStart().discover();

        assertThat(positionOf(rig, 0)).isEqualTo(Position.at(FakeSls.cursorOf(7)));
    }

    @Test
    void readsChildrenOfShardsThatTheConsumerGroupReadFromTheirBeginning() throws IOException {
        service.commit("script", 0, FakeSls.cursorOf(0));
        List<Integer> children = service.split(0, 2);
        service.writeMany(children.get(0), "unread", 4);
        service.writeMany(1, "never read by the script", 4);
        service.advanceSeconds(60);
        EnumeratorRig rig = rig(
                        plain.start(new StartingPosition.Committed("script", new StartingPosition.At(service.now()))),
                        1)
                .readersStart()
                .discover();
        finish(rig, 0);

        assertThat(positionOf(rig, children.get(0))).isEqualTo(Position.at(FakeSls.cursorOf(0)));
        assertThat(positionOf(rig, 1)).isEqualTo(Position.at(FakeSls.cursorOf(4)));
    }

    @Test
    void startsElsewhereWhenTheConsumerGroupDoesNotExist() throws IOException {
        service.writeMany(0, "g", 9);
        EnumeratorRig rig = rig(plain.start(new StartingPosition.Committed("nobody", new StartingPosition.Begin())), 1)
                .readersStart()
                .discover();

        assertThat(positionOf(rig, 0)).isEqualTo(Position.at(FakeSls.cursorOf(0)));
    }

    // ---- restore

    @Test
    void neverHandsOutAgainWhatReadersHaveRestored() throws IOException {
        EnumeratorRig first = rig(plain, 2).readersStart().discover();
        List<ShardSplit> splits = IntStream.range(0, 2)
                .boxed()
                .flatMap(i -> first.splitsFor(i).stream())
                .toList();
        EnumeratorState state = first.snapshot(1);

        service.split(0, 2);
        service.merge(1, 2);
        EnumeratorRig rig = restored(plain, 3, state)
                .readerStarts(2, splits)
                .readerStarts(0, List.of())
                .readerStarts(1, List.of())
                .discover()
                .discover();

        // The shards that have changed while the job was down are with their reader as before.
        assertThat(rig.assigned()).isEmpty();
        assertReadOnly(rig.eventsFor(2), 0, 1, 2);
    }

    /** The recovery window of FLINK-40469: what readers hold and have not said yet must be in the next checkpoint too. */
    @Test
    void aCheckpointTakenBeforeReadersHaveSaidWhatTheyHoldLosesNothing() throws IOException {
        EnumeratorRig first = rig(plain, 2).readersStart().discover();
        EnumeratorState state = first.snapshot(1);
        List<ShardSplit> of0 = first.splitsFor(0);
        List<ShardSplit> of1 = first.splitsFor(1);
        EnumeratorRig second = restored(plain, 2, state).readerStarts(0, of0);
        EnumeratorState inTheWindow = second.snapshot(2);

        EnumeratorRig rig = restored(plain, 2, inTheWindow)
                .readerStarts(1, of0)
                .readerStarts(0, of1)
                .discover();
        service.split(0, 2);
        rig.discover();
        rig.enumerator().handleSourceEvent(1, new ShardsFinished(List.of(0)));

        assertThat(rig.assigned()).containsExactly(4, 5);
    }

    @Test
    void assignsWaitingChildrenAfterARestoreWithoutAnotherListing() throws IOException {
        EnumeratorRig first = rig(plain, 1).readersStart().discover();
        service.split(0, 2);
        first.discover();
        EnumeratorState state = first.snapshot(1);
        List<ShardSplit> held = first.splitsFor(0).stream()
                .map(split -> split.at(split.position(), split.shard() == 0))
                .toList();

        EnumeratorRig rig = restored(plain, 2, state).readerStarts(1, held).readerStarts(0, List.of());

        assertThat(rig.assigned()).containsExactly(4, 5);
    }

    @Test
    void failsWhenAShardIsWithNobodyAfterARestore() throws IOException {
        EnumeratorRig first = rig(plain, 1).readersStart().discover();
        EnumeratorRig rig = restored(plain, 1, first.snapshot(1));

        assertThatThrownBy(() -> rig.readerStarts(0, List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no reader has restored it");
    }

    @Test
    void failsWhenTwoReadersHoldOneShard() throws IOException {
        EnumeratorRig first = rig(plain, 1).readersStart().discover();
        EnumeratorRig rig = restored(plain, 2, first.snapshot(1)).readerStarts(0, first.splitsFor(0));

        assertThatThrownBy(() -> rig.readerStarts(1, first.splitsFor(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is with reader 0 and with reader 1");
    }

    @Test
    void refusesTheStateOfAnotherLogstore() throws IOException {
        EnumeratorState state = rig(plain, 1).discover().snapshot(1);
        TestConfigs other = TestConfigs.of(new LogstoreId("fake-project", "other"));

        assertThatThrownBy(() -> restored(other, 1, state))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fake-project/source")
                .hasMessageContaining("fake-project/other");
    }

    @Test
    void refusesToGoOnBeyondTheStopOfABoundedRun() throws IOException {
        EnumeratorState state =
                rig(plain.stop(new StoppingPosition.Now()), 1).discover().snapshot(1);

        assertThatThrownBy(() -> restored(plain, 1, state))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stops at Now");
    }

    @Test
    void takesBackAssignmentsThatTheCheckpointDoesNotHaveAtTheirPosition() throws IOException {
        service.writeMany(0, "g", 5);
        service.trim(0, 2);
        EnumeratorRig rig = rig(plain, 2).readersStart();
        rig.snapshot(1);
        rig.discover();
        rig.complete(1);
        List<Integer> before = rig.assignedTo(0);

        rig.readerIsReset(0, 1);
        rig.sent.clear();
        rig.readerStarts(0, List.of());

        assertThat(rig.assigned()).containsExactlyElementsOf(before);
        assertThat(positionOf(rig, 0)).isEqualTo(Position.at(FakeSls.cursorOf(2)));
    }

    @Test
    void anAssignmentThatNeverArrivedIsMadeAgainOnce() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart();
        rig.snapshot(1);
        rig.complete(1);
        rig.discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
        rig.sent.clear();

        // The message is lost with its reader.
        rig.readerIsReset(0, 1);
        rig.discover();
        assertThat(rig.assigned()).isEmpty();
        rig.readerStarts(0, List.of()).discover().discover();

        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void opensAShardAgainThatAReaderFallsBackTo() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        rig.snapshot(1);
        rig.complete(1);
        List<ShardSplit> atCheckpoint = rig.splitsFor(0);
        service.split(0, 2);
        finish(rig, 0);

        rig.readerIsReset(0, 1);
        rig.sent.clear();
        rig.readerStarts(0, atCheckpoint).discover();
        assertThat(rig.assigned()).isEmpty();

        finish(rig, 0);
        assertThat(rig.assigned()).containsExactly(4, 5);
    }

    // ---- finishes

    @Test
    void acknowledgesAFinishOnlyWhenACompletedCheckpointHoldsIt() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        rig.snapshot(1);
        finish(rig, 0);
        rig.complete(1);
        assertThat(rig.eventsFor(0)).isEmpty();

        rig.snapshot(2);
        assertThat(rig.eventsFor(0)).isEmpty();
        rig.snapshot(3);
        rig.complete(3);
        assertThat(rig.eventsFor(0)).containsExactly(new FinishesCheckpointed(List.of(0)));
    }

    /** Of a stop with a savepoint, tasks end at this moment; a message that is lost then fails the job. */
    @Test
    void tellsReadersNothingAtTheMomentWhenACheckpointCompletes() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        service.split(0, 2);
        rig.discover();
        finish(rig, 0);
        rig.snapshot(1);
        Map<Integer, List<EnumeratorRig.Message>> before = sentSoFar(rig);

        rig.completeJustNow(1);
        rig.settle();
        assertThat(rig.sent).isEqualTo(before);

        rig.settle();
        assertThat(rig.eventsFor(0)).contains(new FinishesCheckpointed(List.of(0)));
        assertThat(rig.sent).isNotEqualTo(before);
    }

    private static Map<Integer, List<EnumeratorRig.Message>> sentSoFar(EnumeratorRig rig) {
        return rig.sent.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, sent -> List.copyOf(sent.getValue())));
    }

    @Test
    void acknowledgesAtOnceWhatTheRestoredCheckpointHolds() throws IOException {
        EnumeratorRig first = rig(plain, 1).readersStart().discover();
        List<ShardSplit> splits = first.splitsFor(0);
        finish(first, 0);
        EnumeratorState state = first.snapshot(1);
        List<ShardSplit> held = splits.stream()
                .map(split -> split.at(split.position(), split.shard() == 0))
                .toList();

        EnumeratorRig rig = restored(plain, 1, state).readerStarts(0, held);

        assertThat(rig.eventsFor(0)).containsExactly(new FinishesCheckpointed(List.of(0)));
    }

    @Test
    void forgetsNoFinishedShardHoweverOftenItIsListed() throws IOException {
        EnumeratorRig first = rig(plain, 1).readersStart().discover();
        service.split(0, 2);
        first.discover();
        finish(first, 0);
        EnumeratorState state = first.snapshot(1);
        List<ShardSplit> open =
                first.splitsFor(0).stream().filter(split -> split.shard() != 0).toList();

        EnumeratorRig rig =
                restored(plain, 1, state).readerStarts(0, open).discover().discover();

        assertThat(rig.assigned()).isEmpty();
        assertThat(rig.gauge(SourceMetricNames.FINISHED_SHARDS)).isEqualTo(1);
    }

    // ---- discovery

    @Test
    void asksForOneListingAndOneCursorPerNewShard() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart();
        for (int i = 0; i < 5; i++) {
            rig.discover();
        }
        assertThat(service.calls("ListShards")).hasSize(5);
        assertThat(service.calls("GetCursor")).hasSize(4);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void copesWithThousandsOfShardsThatAllSplit() throws IOException {
        try (FakeSls large = new FakeSls(2000)) {
            EnumeratorRig rig =
                    new EnumeratorRig(large, plain.config(), 4).readersStart().discover();
            assertThat(rig.assigned()).hasSize(2000);
            for (int shard = 0; shard < 2000; shard++) {
                large.split(shard, 2);
            }
            rig.discover();
            for (int subtask = 0; subtask < 4; subtask++) {
                for (int shard : List.copyOf(rig.assignedTo(subtask))) {
                    rig.enumerator().handleSourceEvent(subtask, new ShardsFinished(List.of(shard)));
                }
            }
            assertThat(rig.assigned()).hasSize(6000);
            assertThat(large.calls("ListShards")).hasSize(2);
            assertThat(large.calls("GetCursor")).hasSize(6000);
        }
    }

    @Test
    void goesOnWithOtherShardsWhenTheStartOfOneCannotBeLookedUp() throws IOException {
        service.refuse(ErrorKind.UNAVAILABLE, 1, call -> call.operation().equals("GetCursor") && call.shard() == 2);
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 3);
        assertThat(rig.gauge(SourceMetricNames.DISCOVERY_FAILURES)).isEqualTo(1);

        rig.discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
    }

    /** A shard whose look-ups are refused for ever: 400, an expired cursor, or gone though listings show it. */
    @ParameterizedTest
    @EnumSource(names = {"INVALID_REQUEST", "CURSOR_EXPIRED", "SHARD_NOT_FOUND"})
    void findsAndAssignsAllOthersWhileTheStartOfOneCannotBeLookedUpAndFailsTheJobAtTheConfiguredAge(ErrorKind kind)
            throws IOException {
        service.refuse(kind, Integer.MAX_VALUE, call -> call.operation().equals("GetCursor") && call.shard() == 2);
        EnumeratorRig rig = rig(plain.skippingGaps(), 1).readersStart().discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 3);

        List<Integer> children = service.split(0, 2);
        finish(rig, 0);
        rig.discover();
        assertThat(rig.assigned()).contains(1, 3).containsAll(children).doesNotContain(2);
        List<Integer> grandchildren = service.split(children.get(0), 2);
        finish(rig, children.get(0));
        rig.discover();
        assertThat(rig.assigned()).containsAll(grandchildren).doesNotContain(2);
        assertThat(rig.gauge(SourceMetricNames.DISCOVERY_FAILURES)).isEqualTo(3);
        assertThat(rig.gauge(SourceMetricNames.WAITING_SHARDS)).isEqualTo(1);
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isZero();

        rig.advance(Duration.ofMinutes(3));
        assertThatThrownBy(rig::discover)
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining("Looking up where shard 2 of fake-project/source starts has not worked for 360 s")
                .hasMessageContaining("limit of 300 s")
                .hasRootCauseInstanceOf(SlsException.class);
    }

    @Test
    void bearsFailingListingsUpToTheConfiguredAge() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        service.refuse(ErrorKind.UNAVAILABLE, "ListShards");
        rig.discover().discover();
        assertThat(rig.gauge(SourceMetricNames.DISCOVERY_FAILURES)).isEqualTo(2);
        assertThat(rig.gauge(SourceMetricNames.SECONDS_SINCE_LAST_DISCOVERY)).isEqualTo(120);

        rig.advance(Duration.ofMinutes(6));
        assertThatThrownBy(rig::tick)
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining("Listing the shards of fake-project/source has not worked for")
                .hasMessageContaining("limit of 300 s");
    }

    @Test
    void bearsRefusedCredentialsOnlyForTheGrace() throws IOException {
        service.refuse(ErrorKind.UNAUTHORIZED, "ListShards");
        EnumeratorRig rig = rig(plain, 1).readersStart().tick();

        rig.advance(Duration.ofSeconds(61));
        assertThatThrownBy(rig::tick).isInstanceOf(FlinkRuntimeException.class).hasMessageContaining("limit of 60 s");
    }

    @Test
    void doesNotTakeAShardForGoneThatAListingLacks() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        service.split(0, 2);
        rig.discover();
        for (int i = 0; i < 3; i++) {
            service.changeNextListing(
                    shards -> shards.stream().filter(shard -> shard.id() != 0).toList());
            rig.discover();
        }
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void looksAgainWhenAListingLacksShardsThatTakeWrites() throws IOException {
        service.changeNextListing(
                shards -> shards.stream().filter(shard -> shard.id() != 3).toList());
        EnumeratorRig rig = rig(plain, 1).readersStart().tick();
        assertThat(rig.assigned()).isEmpty();

        rig.advance(Duration.ofSeconds(1));
        assertThat(rig.tick().assigned()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void looksAgainWhenTheFirstListingLacksAParent() throws IOException {
        List<Integer> children = service.split(0, 2);
        service.changeNextListing(
                shards -> shards.stream().filter(shard -> shard.id() != 0).toList());
        EnumeratorRig rig = rig(plain, 1).readersStart().tick();
        assertThat(rig.assigned()).isEmpty();

        rig.advance(Duration.ofSeconds(1));
        assertThat(rig.tick().assigned()).contains(0, 1, 2, 3).doesNotContainAnyElementsOf(children);
    }

    @Test
    void waitsForAParentThatTwoListingsLack() throws IOException {
        List<Integer> children = service.split(0, 2);
        for (int i = 0; i < 2; i++) {
            service.changeNextListing(
                    shards -> shards.stream().filter(shard -> shard.id() != 0).toList());
        }
        EnumeratorRig rig = rig(plain, 1).readersStart().discover().discover();
        assertThat(rig.assigned()).isEmpty();

        assertThat(rig.discover().assigned()).contains(0, 1, 2, 3).doesNotContainAnyElementsOf(children);
    }

    @Test
    void completesAListingByAnotherOneThatLacksOtherShards() throws IOException {
        List<Integer> children = service.split(0, 2);
        for (int lacking : List.of(0, 3)) {
            service.changeNextListing(shards ->
                    shards.stream().filter(shard -> shard.id() != lacking).toList());
        }
        EnumeratorRig rig = rig(plain, 1).readersStart().discover().discover();

        assertThat(rig.assigned()).contains(0, 1, 2, 3).doesNotContainAnyElementsOf(children);
    }

    @Test
    void takesAShardOnceThatAListingShowsTwice() throws IOException {
        service.split(0, 2);
        service.changeNextListing(
                shards -> Stream.concat(shards.stream(), shards.stream()).toList());
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();

        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void readsALogstoreWhoseOldestShardsAreGone() throws IOException {
        List<Integer> children = service.split(0, 2);
        service.remove(0);
        EnumeratorRig rig = rig(plain, 1).readersStart().tick();

        for (int i = 0; i < ListingValidator.CONFIRMATIONS; i++) {
            rig.advance(Duration.ofSeconds(1));
            rig.tick();
        }
        assertThat(rig.assigned()).contains(1, 2, 3).containsAll(children);
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isZero();
    }

    @Test
    void neverBelievesAListingWithoutAnyShard() throws IOException {
        TestConfigs configs = plain.stop(new StoppingPosition.Now());
        EnumeratorRig rig = rig(configs, 1).readersStart();
        for (int i = 0; i < 3; i++) {
            service.changeNextListing(shards -> List.of());
            rig.discover();
        }
        assertThat(rig.isEnded(0)).isFalse();
        assertThat(rig.gauge(SourceMetricNames.DISCOVERY_FAILURES)).isEqualTo(3);

        assertThat(rig.discover().assigned()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void failsWhenShardsCameAndWentWhileTheJobWasDown() throws IOException {
        EnumeratorRig rig = rigAfterShardsCameAndWent(plain);

        assertThatThrownBy(() -> rig.discover().discover().discover())
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining("Shards [4] of fake-project/source are gone before any of them was read")
                .hasMessageContaining("on-expired-cursor");
    }

    @Test
    void countsShardsThatCameAndWentWhileTheJobWasDownWhenGapsAreAllowed() throws IOException {
        EnumeratorRig rig = rigAfterShardsCameAndWent(plain.skippingGaps())
                .discover()
                .discover()
                .discover();

        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(1);
        assertThat(rig.gauge(SourceMetricNames.EXPIRED_SHARDS)).isEqualTo(1);
        assertThat(rig.assigned()).containsExactly(5, 6, 7);
        assertThat(rig.discover().discover().gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(1);
    }

    /** Shard 0 was read to its end; then it was split into 4 and 5, and 4 again into 6 and 7; 0 and 4 are gone. */
    private EnumeratorRig rigAfterShardsCameAndWent(TestConfigs configs) throws IOException {
        EnumeratorRig first = rig(configs, 1).readersStart().discover();
        List<ShardSplit> held = first.splitsFor(0);
        finish(first, 0);
        EnumeratorState state = first.snapshot(1);
        service.split(0, 2);
        service.split(4, 2);
        service.remove(0);
        service.remove(4);
        return restored(configs, 1, state)
                .readerStarts(
                        0, held.stream().filter(split -> split.shard() != 0).toList());
    }

    @Test
    void doesNotReadAGrandchildBeforeAParentThatAListingLacks() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        List<Integer> children = service.split(0, 2);
        List<Integer> grandchildren = service.split(children.get(0), 2);
        service.changeNextListing(shards ->
                shards.stream().filter(shard -> shard.id() != children.get(0)).toList());
        rig.discover();
        finish(rig, 0);
        assertThat(rig.assigned()).doesNotContainAnyElementsOf(grandchildren);

        rig.discover();
        assertThat(rig.assigned()).containsAll(children).doesNotContainAnyElementsOf(grandchildren);
    }

    @Test
    void failsWhenAShardIsGoneBeforeItWasRead() throws IOException {
        EnumeratorRig rig = rigWithLostShard(plain);

        assertThatThrownBy(() -> rig.discover().discover().discover())
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining("Shard 2 of fake-project/source is gone before any of it was read")
                .hasMessageContaining("on-expired-cursor");
    }

    @Test
    void countsAShardThatIsGoneBeforeItWasReadWhenGapsAreAllowed() throws IOException {
        EnumeratorRig rig =
                rigWithLostShard(plain.skippingGaps()).discover().discover().discover();

        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(1);
        assertThat(rig.assigned()).containsExactly(0, 1, 3);
    }

    private EnumeratorRig rigWithLostShard(TestConfigs configs) throws IOException {
        service.refuse(ErrorKind.UNAVAILABLE, 1, call -> call.operation().equals("GetCursor") && call.shard() == 2);
        EnumeratorRig rig = rig(configs, 1).readersStart().discover();
        service.remove(2);
        return rig.discover();
    }

    @Test
    void failsWhenTheLogstoreWasMadeAgain() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        service.split(0, 2);
        rig.discover();
        finish(rig, 0);
        long later = service.now().getEpochSecond() + 100;
        service.changeNextListing(shards -> shards.stream()
                .filter(shard -> shard.id() < 4)
                .map(shard -> new Shard(shard.id(), shard.range(), true, later))
                .toList());

        assertThatThrownBy(rig::discover)
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining("Logstore fake-project/source was deleted and created again")
                .hasMessageContaining("shard 0 was read to its end");
    }

    /** The readers only see that their cursors are refused, or are far behind the oldest ones. */
    @Test
    void saysThatTheLogstoreWasCreatedAgainWhileItsShardsAreRead() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        long before = service.shards().get(0).createdAtSeconds();
        recreate();

        assertThatThrownBy(rig::discover)
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining("Logstore fake-project/source was deleted and created again")
                .hasMessageContaining("shard 0 was created at " + Instant.ofEpochSecond(before))
                .hasMessageContaining("on-expired-cursor to 'earliest'");
    }

    /** A reader that has the shard counts the gap, and finds the new groups itself. */
    @Test
    void goesOnWithALogstoreThatWasCreatedAgainWhenGapsAreAllowed() throws IOException {
        EnumeratorRig rig = rig(plain.skippingGaps(), 1).readersStart().discover();
        recreate();
        rig.discover().discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isZero();

        // It came to the end of the deleted shard before it could see that this was deleted.
        finish(rig, 0);
        rig.discover();
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(1);
        assertThat(rig.assignedTo(0).stream().filter(shard -> shard == 0)).hasSize(2);
    }

    /** By the keys of the deleted shards the new ones would be their children, and wait for readers that never end. */
    @Test
    void readsAllShardsOfALogstoreThatWasCreatedAgainWithMoreOfThem() throws IOException {
        EnumeratorRig rig = rig(plain.skippingGaps(), 1).readersStart().discover();
        // The service has shards 4 to 7, too; listings show them as those of another logstore.
        service.split(0, 2);
        service.split(1, 2);
        long later = service.now().getEpochSecond() + 100;
        List<Shard> six = IntStream.range(0, 6)
                .mapToObj(id -> new Shard(id, new KeyRange(sixth(id), sixth(id + 1)), true, later))
                .toList();
        List<Shard> split = Stream.concat(
                        six.stream().map(shard -> new Shard(shard.id(), shard.range(), shard.id() != 1, later)),
                        Stream.of(
                                new Shard(6, new KeyRange(sixth(1), sixth(1).add(BigInteger.ONE)), true, later + 1),
                                new Shard(7, new KeyRange(sixth(1).add(BigInteger.ONE), sixth(2)), true, later + 1)))
                .toList();

        AtomicReference<List<Shard>> listed = new AtomicReference<>(six);
        for (int i = 0; i < 20; i++) {
            service.changeNextListing(shards -> listed.get());
        }

        rig.discover().discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3, 4, 5);

        listed.set(split);
        rig.discover().discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3, 4, 5);
        finish(rig, 1);
        rig.snapshot(1);
        rig.complete(1);
        rig.discover();
        assertThat(rig.assigned()).contains(6, 7);
    }

    private static BigInteger sixth(int number) {
        return KeyRange.RING.end().multiply(BigInteger.valueOf(number)).divide(BigInteger.valueOf(6));
    }

    /** A shard that waits for its turn would be pulled at the cursor of a logstore that is gone. */
    @Test
    void looksUpAnewWhereAWaitingShardBeginsWhenTheLogstoreWasCreatedAgain() throws IOException {
        service.writeMany(0, "deleted", 5);
        EnumeratorRig rig = rig(
                        plain.skippingGaps()
                                .start(new StartingPosition.At(service.now().plusSeconds(30))),
                        1)
                .discover();
        recreate();
        rig.discover().readersStart();

        assertThat(positionOf(rig, 0)).isEqualTo(Position.at(FakeSls.cursorOf(0)));
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(4);
    }

    /** The same shards, but made later. */
    private void recreate() {
        long later = service.now().getEpochSecond() + 100;
        for (int i = 0; i < 5; i++) {
            service.changeNextListing(shards -> shards.stream()
                    .map(shard -> new Shard(shard.id(), shard.range(), shard.writable(), later))
                    .toList());
        }
    }

    // ---- consumer group

    @Test
    void makesTheConsumerGroupOnce() throws IOException {
        rig(plain.consumerGroup("progress"), 1).discover().discover();

        assertThat(service.hasConsumerGroup("progress")).isTrue();
        assertThat(service.calls("CreateConsumerGroup")).hasSize(1);
    }

    @Test
    void runsWithoutAConsumerGroupWhenThereAreTooMany() throws IOException {
        service.consumerGroupQuota(0);
        EnumeratorRig rig =
                rig(plain.consumerGroup("progress"), 1).readersStart().discover();

        assertThat(rig.assigned()).hasSize(4);
        assertThat(rig.gauge(SourceMetricNames.GROUP_COMMIT_DISABLED)).isEqualTo(1);

        service.consumerGroupQuota(1);
        rig.discover();
        assertThat(rig.gauge(SourceMetricNames.GROUP_COMMIT_DISABLED)).isZero();
    }

    @Test
    void noticesThatSomebodyStillMovesTheGroupThatItTookItsStartFrom() throws IOException {
        service.commit("script", 0, FakeSls.cursorOf(0));
        service.commit("script", 1, FakeSls.cursorOf(0));
        TestConfigs configs = plain.start(new StartingPosition.Committed("script", new StartingPosition.Begin()));
        EnumeratorRig rig = rig(configs.consumerGroup("progress"), 1)
                .readersStart()
                .discover()
                .discover();
        assertThat(rig.gauge(SourceMetricNames.START_GROUP_COMMITS)).isZero();

        service.commit("script", 0, FakeSls.cursorOf(1));
        service.commit("script", 2, FakeSls.cursorOf(1));
        rig.discover().discover();
        assertThat(rig.gauge(SourceMetricNames.START_GROUP_COMMITS)).isEqualTo(2);

        service.refuse(ErrorKind.NOT_FOUND, "GetCheckPoint");
        rig.discover();
        service.heal();
        service.commit("script", 1, FakeSls.cursorOf(1));
        rig.discover();
        assertThat(rig.gauge(SourceMetricNames.START_GROUP_COMMITS)).isEqualTo(3);
    }

    @Test
    void doesNotTakeItsOwnProgressForThatOfTheConsumersBeforeIt() throws IOException {
        service.commit("shared", 0, FakeSls.cursorOf(0));
        TestConfigs configs = plain.start(new StartingPosition.Committed("shared", new StartingPosition.Begin()));
        EnumeratorRig rig =
                rig(configs.consumerGroup("shared"), 1).readersStart().discover();

        service.commit("shared", 0, FakeSls.cursorOf(1));
        rig.discover();
        assertThat(rig.gauge(SourceMetricNames.START_GROUP_COMMITS)).isZero();
    }

    // ---- bounded runs

    @Test
    void endsReadersWhenAllShardsOfTheFirstListingAreReadToTheirEndThen() throws IOException {
        service.writeMany(0, "g", 5);
        EnumeratorRig rig =
                rig(plain.stop(new StoppingPosition.Now()), 2).readersStart().discover();
        assertThat(rig.splitsFor(0).get(0).stopCursor()).isEqualTo(FakeSls.cursorOf(5));
        service.split(0, 2);
        rig.discover();
        finish(rig, 0, 1, 2);
        assertThat(rig.isEnded(0)).isFalse();

        finish(rig, 3);
        assertThat(rig.isEnded(0) && rig.isEnded(1)).isTrue();
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void readsWhatAppearedBeforeARestoreThatMakesTheRunStopNow() throws IOException {
        EnumeratorRig first = rig(plain, 1).readersStart().discover();
        EnumeratorState unbounded = first.snapshot(1);
        List<Integer> children = service.split(0, 2);
        TestConfigs stopping = plain.stop(new StoppingPosition.Now());
        EnumeratorRig second = restored(stopping, 1, unbounded);
        EnumeratorState beforeItsListing = second.snapshot(2);

        EnumeratorRig rig = restored(stopping, 1, beforeItsListing)
                .readerStarts(0, first.splitsFor(0))
                .discover();
        service.split(1, 2);
        rig.discover();
        finish(rig, 0, 1, 2, 3);
        assertThat(rig.assigned()).containsExactlyElementsOf(children);
        children.forEach(child -> finish(rig, child));
        assertThat(rig.isEnded(0)).isTrue();
    }

    @Test
    void endsARestoredRunThatHasNothingLeftToRead() throws IOException {
        TestConfigs configs = plain.stop(new StoppingPosition.At(service.now()));
        EnumeratorRig first = rig(configs, 1).readersStart().discover();
        finish(first, 0, 1, 2, 3);
        EnumeratorState state = first.snapshot(1);

        EnumeratorRig rig = restored(configs, 2, state).readersStart().tick();

        assertThat(rig.isEnded(0) && rig.isEnded(1)).isTrue();
    }

    @Test
    void neverEndsAnUnboundedRun() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        finish(rig, 0, 1, 2, 3);
        rig.discover().discover();

        assertThat(rig.isEnded(0)).isFalse();
    }

    @Test
    void closesItsClient() throws IOException {
        EnumeratorRig rig = rig(plain, 1).discover();
        rig.enumerator().close();

        assertThat(service.openClients()).isZero();
    }

    private static void finish(EnumeratorRig rig, Integer... shards) {
        for (int shard : shards) {
            int holder = rig.assignedTo(1).contains(shard) ? 1 : 0;
            rig.enumerator().handleSourceEvent(holder, new ShardsFinished(List.of(shard)));
        }
    }

    private static Position positionOf(EnumeratorRig rig, int shard) {
        return rig.sent.keySet().stream()
                .flatMap(subtask -> rig.splitsFor(subtask).stream())
                .filter(split -> split.shard() == shard)
                .findFirst()
                .orElseThrow()
                .position();
    }

    private static void assertReadOnly(List<SourceEvent> events, Integer... shards) {
        assertThat(events).singleElement().isInstanceOfSatisfying(ShardsReadOnly.class, event -> assertThat(
                        event.closedAtSeconds())
                .containsOnlyKeys(shards));
    }
}
