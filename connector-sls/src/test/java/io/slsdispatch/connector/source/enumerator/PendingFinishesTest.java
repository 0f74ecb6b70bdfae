package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.source.split.ShardEvent.FinishesCheckpointed;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A finished shard is acknowledged only when a completed checkpoint of the enumerator holds it. */
class PendingFinishesTest extends EnumeratorFixture {

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
}
