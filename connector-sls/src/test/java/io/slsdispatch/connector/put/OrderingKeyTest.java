package io.slsdispatch.connector.put;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.model.RawLogGroup;
import java.math.BigInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OrderingKeyTest {

    @Property
    void isTheSameForTheSameShardAndTopic(@ForAll @IntRange(min = 0) int shard, @ForAll String topic) {
        OrderingKey key = OrderingKey.of(group(shard, topic));

        assertThat(OrderingKey.of(group(shard, topic))).isEqualTo(key);
        assertThat(key.topicBucket()).isBetween(0, OrderingKey.TOPIC_BUCKETS - 1);
    }

    @Test
    void doesNotChangeFromReleaseToRelease() {
        OrderingKey key = OrderingKey.of(group(7, "nginx"));

        assertThat(key).isEqualTo(new OrderingKey(7, 48));
        assertThat(key.hashKey()).isEqualTo("91b38ad7bbcb30a1bb2e67e4fe79665d");
    }

    @Test
    void spreadsTopicsOverAllBucketsAndKeysOverTheRing() {
        assertThat(IntStream.range(0, 10_000)
                        .mapToObj(i -> OrderingKey.of(group(0, "topic-" + i)).topicBucket())
                        .distinct())
                .hasSize(OrderingKey.TOPIC_BUCKETS);
        assertThat(IntStream.range(0, OrderingKey.TOPIC_BUCKETS)
                        .mapToObj(bucket -> new BigInteger(new OrderingKey(3, bucket).hashKey(), 16))
                        .map(key -> key.shiftRight(125).intValue())
                        .distinct())
                .hasSize(8);
    }

    private static RawLogGroup group(int shard, String topic) {
        return new RawLogGroup(new byte[0], 0, 0, topic, shard, "cursor", 0);
    }
}
