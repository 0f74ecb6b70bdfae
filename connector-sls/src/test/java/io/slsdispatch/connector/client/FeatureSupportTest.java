package io.slsdispatch.connector.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FeatureSupportTest {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final FeatureSupport lists = FeatureSupport.ofLists();

    @Test
    void threeContrastsSwitchListsOffForFiveMinutes() {
        assertThat(lists.contrast(1, 2)).isFalse();
        assertThat(lists.contrast(3, 4)).isFalse();
        assertThat(lists.isOn(5)).isTrue();
        assertThat(lists.contrast(5, 6)).isTrue();

        assertThat(lists.isOn(7)).isFalse();
        assertThat(lists.isOn(6 + 5 * MINUTE - 1)).isFalse();
        assertThat(lists.isOn(6 + 5 * MINUTE)).isTrue();
        assertThat(lists.contrast(7 + 5 * MINUTE, 8 + 5 * MINUTE)).isFalse();
    }

    @Test
    void listsThatFailedInOneBadTimeAreOneContrast() {
        for (int list = 0; list < 8; list++) {
            assertThat(lists.contrast(list, 100 + list)).isFalse();
        }

        assertThat(lists.isOn(200)).isTrue();
    }

    @Test
    void aListThatIsAcceptedBeginsAgain() {
        lists.contrast(1, 2);
        lists.contrast(3, 4);
        lists.accepted();

        assertThat(lists.contrast(5, 6)).isFalse();
    }
}
