package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsReadOnly;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;
import org.junit.jupiter.api.AfterEach;

/** A logstore of four shards, enumerators that read it, and what tests of them have in common. */
abstract class EnumeratorFixture {

    final FakeSls service = new FakeSls(4);
    final TestConfigs plain = TestConfigs.of(service.logstore());

    @AfterEach
    void stopService() {
        service.close();
    }

    EnumeratorRig rig(TestConfigs configs, int parallelism) throws IOException {
        return new EnumeratorRig(service, configs.config(), parallelism);
    }

    EnumeratorRig restored(TestConfigs configs, int parallelism, EnumeratorState state) throws IOException {
        return new EnumeratorRig(service, configs.config(), parallelism, state);
    }

    /** The readers that have these shards report that they are read to their end. */
    static void finish(EnumeratorRig rig, Integer... shards) {
        for (int shard : shards) {
            int holder = rig.assignedTo(1).contains(shard) ? 1 : 0;
            rig.enumerator().handleSourceEvent(holder, new ShardsFinished(List.of(shard)));
        }
    }

    /** Where a shard was assigned to be read from. */
    static Position positionOf(EnumeratorRig rig, int shard) {
        return rig.sent.keySet().stream()
                .flatMap(subtask -> rig.splitsFor(subtask).stream())
                .filter(split -> split.shard() == shard)
                .findFirst()
                .orElseThrow()
                .position();
    }

    /** The only event says that exactly these shards take no more writes. */
    static void assertReadOnly(List<SourceEvent> events, Integer... shards) {
        assertThat(events).singleElement().isInstanceOfSatisfying(ShardsReadOnly.class, event -> assertThat(
                        event.closedAtSeconds())
                .containsOnlyKeys(shards));
    }
}
