package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.TestConfigs;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What must hold whatever happens to shards, readers, checkpoints and messages, in whatever order. */
class ShardHistoryTest {

    @Property(tries = 200)
    void everyShardIsReadOnceAndAfterItsAncestors(@ForAll long seed) throws IOException {
        try (FakeSls service = new FakeSls(3)) {
            new History(seed, service, TestConfigs.of(service.logstore()).config()).run(400);
        }
    }

    @Property(tries = 50)
    void everyShardIsReadOnceWithoutOrder(@ForAll long seed) throws IOException {
        try (FakeSls service = new FakeSls(3)) {
            new History(
                            seed,
                            service,
                            TestConfigs.of(service.logstore()).unordered().config())
                    .run(400);
        }
    }
}
