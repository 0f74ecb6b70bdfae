package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which reader gets which shard, and when. */
class ShardAssignmentsTest extends EnumeratorFixture {

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
}
