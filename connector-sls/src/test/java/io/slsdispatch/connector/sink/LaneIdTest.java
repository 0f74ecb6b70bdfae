package io.slsdispatch.connector.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.model.RawLogGroup;
import java.math.BigInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LaneIdTest {

    @Property
    void isTheSameForTheSameShardAndTopic(@ForAll @IntRange(min = 0) int shard, @ForAll String topic) {
        LaneId lane = LaneId.of(group(shard, topic));

        assertThat(LaneId.of(group(shard, topic))).isEqualTo(lane);
        assertThat(lane.topicBucket()).isBetween(0, LaneId.TOPIC_BUCKETS - 1);
    }

    @Test
    void doesNotChangeFromReleaseToRelease() {
        LaneId lane = LaneId.of(group(7, "nginx"));

        assertThat(lane).isEqualTo(new LaneId(7, 48));
        assertThat(lane.hashKey()).isEqualTo("91b38ad7bbcb30a1bb2e67e4fe79665d");
    }

    @Test
    void spreadsTopicsOverAllBucketsAndLanesOverTheRing() {
        assertThat(IntStream.range(0, 10_000)
                        .mapToObj(i -> LaneId.of(group(0, "topic-" + i)).topicBucket())
                        .distinct())
                .hasSize(LaneId.TOPIC_BUCKETS);
        assertThat(IntStream.range(0, LaneId.TOPIC_BUCKETS)
                        .mapToObj(bucket -> new BigInteger(new LaneId(3, bucket).hashKey(), 16))
                        .map(key -> key.shiftRight(125).intValue())
                        .distinct())
                .hasSize(8);
    }

    private static RawLogGroup group(int shard, String topic) {
        return new RawLogGroup(new byte[0], 0, 0, topic, shard, "cursor", 0);
    }
}
