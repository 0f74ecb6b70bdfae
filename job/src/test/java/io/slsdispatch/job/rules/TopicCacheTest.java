package io.slsdispatch.job.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicCacheTest {

    @Test
    void staysBoundedWhateverTheTopics() {
        TopicCache<Integer> memory = new TopicCache<>(100, 16);

        for (int i = 0; i < 10_000; i++) {
            memory.put("topic-" + i, i);
        }

        assertThat(memory.size()).isLessThanOrEqualTo(200);
    }

    @Test
    void topicInUseIsKeptWhileOthersComeAndGo() {
        TopicCache<Integer> memory = new TopicCache<>(10, 16);
        memory.put("in use", 42);

        for (int i = 0; i < 1_000; i++) {
            memory.put("topic-" + i, i);
            assertThat(memory.get("in use")).isEqualTo(42);
        }
    }

    @Test
    void longTopicsAreNotKept() {
        TopicCache<Integer> memory = new TopicCache<>(10, 16);

        memory.put("x".repeat(17), 1);

        assertThat(memory.size()).isZero();
    }
}
