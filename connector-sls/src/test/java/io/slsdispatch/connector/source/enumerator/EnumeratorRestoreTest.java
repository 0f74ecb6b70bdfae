package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the enumerator and its readers agree on after a restore or a failure of a reader. */
class EnumeratorRestoreTest extends EnumeratorFixture {

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
                .hasMessageContaining("is assigned to reader 0 and to reader 1");
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
}
