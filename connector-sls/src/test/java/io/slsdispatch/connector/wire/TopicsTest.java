package io.slsdispatch.connector.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TopicsTest {

    @Property
    void bytesSurviveTheWayToTextAndBack(@ForAll byte[] bytes) {
        Topics topics = new Topics();
        String topic = topics.decode(bytes, 0, bytes.length);

        assertThat(topics.encode(topic)).isEqualTo(bytes);
        assertThat(topics.encode(topic)).isEqualTo(bytes);
    }

    @Property
    void differentBytesAreDifferentTopics(@ForAll byte[] first, @ForAll byte[] second) {
        Topics topics = new Topics();

        assertThat(topics.decode(first, 0, first.length).equals(topics.decode(second, 0, second.length)))
                .isEqualTo(java.util.Arrays.equals(first, second));
    }

    @Test
    void aTopicSeenAgainIsTheSameString() {
        Topics topics = new Topics();
        byte[] bytes = "..nginx..".getBytes(StandardCharsets.UTF_8);

        assertThat(topics.decode(bytes, 2, 5)).isEqualTo("nginx").isSameAs(topics.decode(bytes, 2, 5));
    }

    @Test
    void manyTopicsAreAllReadRight() {
        Topics topics = new Topics();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 50_000; i++) {
                byte[] bytes = ("topic-" + i).getBytes(StandardCharsets.UTF_8);
                assertThat(topics.decode(bytes, 0, bytes.length)).isEqualTo("topic-" + i);
            }
        }
    }
}
