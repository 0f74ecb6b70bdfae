package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.TestConfigs;
import java.io.IOException;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What must hold whatever happens to shards, readers, checkpoints and messages, in whatever order: no shard is lost, none is
 * read by two readers at once, none again after it was finished, none from a position older than that of a completed
 * checkpoint, and none before its ancestors.
 */
class ShardHistoryTest {

    @Property(tries = 300)
    void everyShardIsReadOnceAndAfterAllGroupsOfItsAncestorsAreDelivered(@ForAll long seed) throws IOException {
        run(seed, ShardOrder.AFTER_DELIVERY);
    }

    @Property(tries = 300)
    void everyShardIsReadOnceAndAfterItsAncestors(@ForAll long seed) throws IOException {
        run(seed, ShardOrder.AFTER_READ);
    }

    @Property(tries = 100)
    void everyShardIsReadOnceWithoutOrder(@ForAll long seed) throws IOException {
        run(seed, ShardOrder.NONE);
    }

    private static void run(long seed, ShardOrder order) throws IOException {
        try (FakeSls service = new FakeSls(3)) {
            new History(
                            seed,
                            service,
                            TestConfigs.of(service.logstore())
                                    .order(order)
                                    .failureAgeLimit(Duration.ofDays(365))
                                    .config())
                    .run(400);
        }
    }
}
