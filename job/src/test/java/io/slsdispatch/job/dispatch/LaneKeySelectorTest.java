package io.slsdispatch.job.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slsdispatch.job.routing.Groups;
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

class LaneKeySelectorTest {

    private static final int MAX_PARALLELISM = 720;

    @Property(tries = 50)
    void everyKeyGroupHasAKeyThatFlinkPutsIntoIt(@ForAll @IntRange(min = 1, max = 5_000) int maxParallelism) {
        Integer[] keys = KeyGroupKeys.of(maxParallelism);

        for (int keyGroup = 0; keyGroup < maxParallelism; keyGroup++) {
            assertThat(KeyGroupRangeAssignment.assignToKeyGroup(keys[keyGroup], maxParallelism))
                    .isEqualTo(keyGroup);
        }
    }

    @Property
    void flinkPutsAGroupIntoTheKeyGroupThatWasChosen(
            @ForAll String topic,
            @ForAll @IntRange(max = 100_000) int shard,
            @ForAll @IntRange(min = 1, max = MAX_PARALLELISM) int lanes) {
        LaneKeySelector selector = new LaneKeySelector(lanes, MAX_PARALLELISM);

        Integer key = selector.getKey(Groups.group().topic(topic).shard(shard).build());

        assertThat(KeyGroupRangeAssignment.assignToKeyGroup(key, MAX_PARALLELISM))
                .isEqualTo(selector.keyGroup(topic, shard))
                .isBetween(0, MAX_PARALLELISM - 1);
    }

    @Property
    void oneLaneKeepsATopicTogetherWhateverTheShard(@ForAll String topic, @ForAll @IntRange(max = 1_000) int shard) {
        LaneKeySelector selector = new LaneKeySelector(1, MAX_PARALLELISM);

        assertThat(selector.keyGroup(topic, shard)).isEqualTo(selector.keyGroup(topic, 0));
    }

    @Property
    void oneTopicUsesEverySubtaskWhenThereAreAsManyLanes(
            @ForAll String topic, @ForAll("parallelisms") int parallelism) {
        LaneKeySelector selector = new LaneKeySelector(parallelism, MAX_PARALLELISM);

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
    void noSubtaskHasMoreThanTwoLanesOfATopicWhenTheParallelismDoesNotDivideTheKeyGroups(
            @ForAll String topic, @ForAll @IntRange(min = 1, max = MAX_PARALLELISM) int parallelism) {
        LaneKeySelector selector = new LaneKeySelector(parallelism, MAX_PARALLELISM);
        int[] lanesOf = new int[parallelism];

        for (int shard = 0; shard < parallelism; shard++) {
            lanesOf[subtask(selector.keyGroup(topic, shard), parallelism)]++;
        }

        assertThat(Arrays.stream(lanesOf).max().orElseThrow()).isLessThanOrEqualTo(2);
    }

    @Test
    void manyTopicsSpreadEvenlyOverTheSubtasks() {
        LaneKeySelector selector = new LaneKeySelector(1, MAX_PARALLELISM);
        int[] topicsOf = new int[8];

        for (int topic = 0; topic < 8_000; topic++) {
            topicsOf[subtask(selector.keyGroup("topic-" + topic, 0), topicsOf.length)]++;
        }

        assertThat(Arrays.stream(topicsOf))
                .allSatisfy(topics -> assertThat(topics).isBetween(800, 1_200));
    }

    @Test
    void keyGroupsNeverChangeFromBuildToBuild() {
        LaneKeySelector selector = new LaneKeySelector(4, MAX_PARALLELISM);

        assertThat(IntStream.range(0, 6).map(shard -> selector.keyGroup("nginx", shard)))
                .containsExactly(61, 241, 421, 601, 61, 241);
        assertThat(selector.keyGroup("", 0)).isZero();
        assertThat(selector.keyGroup("\uDCFF", 1)).isEqualTo(658);
    }

    @Test
    void refusesANumberOfLanesThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LaneKeySelector(0, MAX_PARALLELISM));
        assertThatIllegalArgumentException().isThrownBy(() -> new LaneKeySelector(721, MAX_PARALLELISM));
    }

    private static int subtask(int keyGroup, int parallelism) {
        return KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(MAX_PARALLELISM, parallelism, keyGroup);
    }
}
