package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Readers of a bounded run end when all of its shards are read. */
class BoundedRunReadersTest extends EnumeratorFixture {

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
}
