package io.slsdispatch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.openservices.log.common.Logs.LogGroup;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The logs that benchmarks run on. */
class TopicsTest {

    private static Map<String, Long> counted(Topics topics, int groups) {
        return Stream.generate(topics.sequence())
                .limit(groups)
                .collect(Collectors.groupingBy(topic -> topic, Collectors.counting()));
    }

    @ParameterizedTest
    @EnumSource
    void everyTopicGoesToATarget(Topics topics) {
        assertThat(counted(topics, 10_000).keySet())
                .allSatisfy(topic -> assertThat(Topics.TARGETS).anyMatch(topic::startsWith));
    }

    @Test
    void theHotTopicHas95PercentOfTheGroups() {
        assertThat(counted(Topics.HOT, 10_000).get(Topics.TARGETS.get(0))).isBetween(9_400L, 9_600L);
    }

    @Test
    void manyAreTenThousand() {
        assertThat(counted(Topics.MANY, 200_000)).hasSize(10_000);
    }

    @Test
    void groupsHaveAboutTheSizesThatReportsName() throws InvalidProtocolBufferException {
        byte[] small = new BenchLogs(1).next("nginx", Profile.SMALL.logs());
        byte[] large = new BenchLogs(1).next("nginx", Profile.LARGE.logs());

        assertThat(small.length).isBetween(4_500, 5_500);
        assertThat(large.length).isBetween(225_000, 275_000);
        assertThat(LogGroup.parseFrom(small).getTopic()).isEqualTo("nginx");
        assertThat(LogGroup.parseFrom(large).getLogsCount()).isEqualTo(1000);
    }

    @Test
    void aShardIsFilledWithOnePullOfTheUsualSizeAtLeast() {
        for (int shards : List.of(1, 4, 16)) {
            for (Profile profile : Profile.values()) {
                assertThat(profile.backlogBytes(shards) / shards).isGreaterThanOrEqualTo(4 << 20);
            }
        }
    }
}
