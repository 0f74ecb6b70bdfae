package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shards wait for their ancestors, as the configured order says. */
class ShardOrderTest extends EnumeratorFixture {

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
}
