package io.slsdispatch.job.dispatch;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;

class SaltedTopicKeySelectorTest {

    private static final int MAX_PARALLELISM = 720;

    @Property(tries = 50)
    void everyKeyGroupHasAKeyThatFlinkPutsIntoIt(@ForAll @IntRange(min = 1, max = 5_000) int maxParallelism) {
        Integer[] keys = SaltedTopicKeySelector.keysOfKeyGroups(maxParallelism);

        for (int keyGroup = 0; keyGroup < maxParallelism; keyGroup++) {
            assertThat(KeyGroupRangeAssignment.assignToKeyGroup(keys[keyGroup], maxParallelism))
                    .isEqualTo(keyGroup);
        }
    }

    @Property
    void flinkPutsAGroupIntoTheKeyGroupThatWasChosen(
            @ForAll String topic,
            @ForAll @IntRange(max = 100_000) int shard,
            @ForAll @IntRange(min = 1, max = MAX_PARALLELISM) int partitions) {
        SaltedTopicKeySelector selector = new SaltedTopicKeySelector(partitions, MAX_PARALLELISM);

        Integer key = selector.getKey(logGroup().topic(topic).shard(shard).build());

        assertThat(KeyGroupRangeAssignment.assignToKeyGroup(key, MAX_PARALLELISM))
                .isEqualTo(selector.keyGroup(topic, shard))
                .isBetween(0, MAX_PARALLELISM - 1);
    }

    @Property
    void onePartitionKeepsATopicTogetherWhateverTheShard(
            @ForAll String topic, @ForAll @IntRange(max = 1_000) int shard) {
        SaltedTopicKeySelector selector = new SaltedTopicKeySelector(1, MAX_PARALLELISM);

        assertThat(selector.keyGroup(topic, shard)).isEqualTo(selector.keyGroup(topic, 0));
    }

    @Property
    void oneTopicUsesEverySubtaskWhenThereAreAsManyPartitions(
            @ForAll String topic, @ForAll("parallelisms") int parallelism) {
        SaltedTopicKeySelector selector = new SaltedTopicKeySelector(parallelism, MAX_PARALLELISM);

        Set<Integer> subtasks = IntStream.range(0, parallelism)
                .map(shard -> subtask(selector.keyGroup(topic, shard), parallelism))
                .boxed()
                .collect(Collectors.toSet());

        assertThat(subtasks).hasSize(parallelism);
    }

    @Provide
    Arbitrary<Integer> parallelisms() {
        return Arbitraries.of(IntStream.rangeClosed(1, MAX_PARALLELISM)
                .filter(parallelism -> MAX_PARALLELISM % parallelism == 0)
                .boxed()
                .toList());
    }

    @Property
    void noSubtaskHasMoreThanTwoPartitionsOfATopicWhenTheParallelismDoesNotDivideTheKeyGroups(
            @ForAll String topic, @ForAll @IntRange(min = 1, max = MAX_PARALLELISM) int parallelism) {
        SaltedTopicKeySelector selector = new SaltedTopicKeySelector(parallelism, MAX_PARALLELISM);
        int[] partitionsOf = new int[parallelism];

        for (int shard = 0; shard < parallelism; shard++) {
            partitionsOf[subtask(selector.keyGroup(topic, shard), parallelism)]++;
        }

        assertThat(Arrays.stream(partitionsOf).max().orElseThrow()).isLessThanOrEqualTo(2);
    }

    @Property
    void hotTopicIsSpreadEvenlyWhateverTheParallelism(
            @ForAll String topic,
            @ForAll("parallelismsOfHotTopic") int parallelism,
            @ForAll("shardCounts") int shards) {
        int[] shardsOf = spread(topic, parallelism, 0, shards);

        assertThat(Arrays.stream(shardsOf).max().orElseThrow())
                .as("shards of the busiest subtask")
                .isEqualTo((shards + parallelism - 1) / parallelism);
        assertThat(Arrays.stream(shardsOf).min().orElseThrow())
                .as("shards of the least busy subtask")
                .isEqualTo(shards / parallelism);
    }

    @Property
    void busiestSubtaskHasAtMostOneShardMoreThanItsShareAfterSplits(
            @ForAll String topic,
            @ForAll("parallelismsOfHotTopic") int parallelism,
            @ForAll("shardCounts") int shards,
            @ForAll @IntRange(max = 1_000) int firstShard) {
        int[] shardsOf = spread(topic, parallelism, firstShard, shards);

        assertThat(Arrays.stream(shardsOf).max().orElseThrow())
                .isLessThanOrEqualTo((shards + parallelism - 1) / parallelism + 1);
    }

    @Provide
    Arbitrary<Integer> parallelismsOfHotTopic() {
        return Arbitraries.of(2, 3, 4, 8);
    }

    @Provide
    Arbitrary<Integer> shardCounts() {
        return Arbitraries.of(8, 16, 32, 64);
    }

    private static int[] spread(String topic, int parallelism, int firstShard, int shards) {
        SaltedTopicKeySelector selector = new SaltedTopicKeySelector(64, MAX_PARALLELISM);
        int[] shardsOf = new int[parallelism];
        for (int shard = firstShard; shard < firstShard + shards; shard++) {
            shardsOf[subtask(selector.keyGroup(topic, shard), parallelism)]++;
        }
        return shardsOf;
    }

    @Test
    void manyTopicsSpreadEvenlyOverTheSubtasks() {
        SaltedTopicKeySelector selector = new SaltedTopicKeySelector(1, MAX_PARALLELISM);
        int[] topicsOf = new int[8];

        for (int topic = 0; topic < 8_000; topic++) {
            topicsOf[subtask(selector.keyGroup("topic-" + topic, 0), topicsOf.length)]++;
        }

        assertThat(Arrays.stream(topicsOf))
                .allSatisfy(topics -> assertThat(topics).isBetween(800, 1_200));
    }

    @Test
    void keyGroupsNeverChangeFromBuildToBuild() {
        SaltedTopicKeySelector selector = new SaltedTopicKeySelector(4, MAX_PARALLELISM);

        assertThat(IntStream.range(0, 6).map(shard -> selector.keyGroup("nginx", shard)))
                .containsExactly(61, 421, 241, 601, 61, 421);
        assertThat(selector.keyGroup("", 0)).isZero();
        assertThat(selector.keyGroup("\uDCFF", 1)).isEqualTo(118);
    }

    @Test
    void refusesANumberOfLanesThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SaltedTopicKeySelector(0, MAX_PARALLELISM));
        assertThatIllegalArgumentException().isThrownBy(() -> new SaltedTopicKeySelector(721, MAX_PARALLELISM));
    }

    private static int subtask(int keyGroup, int parallelism) {
        return KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(MAX_PARALLELISM, parallelism, keyGroup);
    }
}
