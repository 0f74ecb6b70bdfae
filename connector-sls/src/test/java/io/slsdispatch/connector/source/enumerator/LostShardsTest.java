package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.util.List;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.Test;

/** Shards that are gone before they were read. */
class LostShardsTest extends EnumeratorFixture {

    @Test
    void failsWhenShardsCameAndWentWhileTheJobWasDown() throws IOException {
        EnumeratorRig rig = rigAfterShardsCameAndWent(plain);

        assertThatThrownBy(() -> rig.discover().discover().discover())
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining(
                        "Shards [4] of fake-project/source disappeared before any of their groups were" + " read")
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
    void failsWhenAShardIsGoneBeforeItWasRead() throws IOException {
        EnumeratorRig rig = rigWithLostShard(plain);

        assertThatThrownBy(() -> rig.discover().discover().discover())
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining("Shard 2 of fake-project/source disappeared before any of its groups were read")
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
}
