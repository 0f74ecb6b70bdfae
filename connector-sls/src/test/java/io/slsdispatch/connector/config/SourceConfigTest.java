package io.slsdispatch.connector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.model.LogstoreId;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class SourceConfigTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final TestConfigs plain = TestConfigs.of(new LogstoreId("my-project", "store"));

    @Test
    void travelsInAJobGraph() throws Exception {
        SourceConfig config = plain.start(
                        new StartingPosition.Committed("script", new StartingPosition.At(NOW.minusSeconds(60))))
                .stop(new StoppingPosition.At(NOW))
                .consumerGroup("progress")
                .config();

        assertThat(InstantiationUtil.clone(config)).isEqualTo(config);
    }

    @Test
    void freezesTheEndWhereverItStands() {
        assertThat(new StartingPosition.End().frozenAt(NOW)).isEqualTo(new StartingPosition.Submission(NOW));
        assertThat(new StartingPosition.Committed("g", new StartingPosition.End()).frozenAt(NOW))
                .isEqualTo(new StartingPosition.Committed("g", new StartingPosition.Submission(NOW)));
        assertThat(new StartingPosition.Begin().frozenAt(NOW)).isEqualTo(new StartingPosition.Begin());
    }

    @Test
    void refusesAnEndThatIsNotFrozen() {
        assertThatThrownBy(() -> plain.start(new StartingPosition.End()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not converted to a time");
    }

    @Test
    void refusesMillisecondsGivenAsSeconds() {
        assertThatThrownBy(() -> new StartingPosition.At(Instant.ofEpochSecond(NOW.toEpochMilli())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the start time")
                .hasMessageContaining("not milliseconds");
        assertThatThrownBy(() -> new StoppingPosition.At(Instant.EPOCH.minusSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the stop time");
    }

    @Test
    void takesStartTimesBeforeAllDataAndInTheFuture() {
        assertThatCode(() -> plain.start(new StartingPosition.At(Instant.EPOCH)))
                .doesNotThrowAnyException();
        assertThatCode(() -> plain.start(new StartingPosition.At(NOW.plus(Duration.ofDays(400)))))
                .doesNotThrowAnyException();
    }

    @Test
    void roundsTimesDownToTheSecondThatTheServiceKnows() {
        assertThat(new StoppingPosition.At(NOW.plusMillis(999)).receiveTime()).isEqualTo(NOW);
    }

    @Test
    void refusesAStopBeforeTheStart() {
        assertThatThrownBy(() -> plain.start(new StartingPosition.At(NOW)).stop(new StoppingPosition.At(NOW)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is nothing to read");
    }

    @Test
    void refusesBadNamesOfConsumerGroups() {
        assertThatThrownBy(() -> plain.consumerGroup("no spaces"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("consumer group 'no spaces'");
        assertThatThrownBy(() -> new StartingPosition.Committed("", new StartingPosition.Begin()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAConsumerGroupAsTheFallbackOfAnother() {
        assertThatThrownBy(() -> new StartingPosition.Committed(
                        "a", new StartingPosition.Committed("b", new StartingPosition.Begin())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another consumer group");
    }

    @Test
    void refusesNumbersThatMakeNoSense() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new PullConfig(0, 1, 1, second, second)).hasMessageContaining("max buffered bytes 0");
        assertThatThrownBy(() -> new PullConfig(1, 0, 1, second, second)).hasMessageContaining("concurrent pulls 0");
        assertThatThrownBy(() -> new PullConfig(1, 1, 1001, second, second))
                .hasMessageContaining("1001 is not between 1 and 1000");
        assertThatThrownBy(() -> new PullConfig(1, 1, 1, second, Duration.ofMillis(1)))
                .hasMessageContaining("shorter than the floor");
        assertThatThrownBy(() -> new DiscoveryConfig(Duration.ZERO, 0, second)).hasMessageContaining("interval 0 s");
        assertThatThrownBy(() -> new DiscoveryConfig(second, 1.5, second)).hasMessageContaining("jitter 1.5");
        assertThatThrownBy(() -> new ReadRetryConfig(second, Duration.ofMillis(1), second, 1))
                .hasMessageContaining("maximum back-off");
        assertThatThrownBy(() -> new ReadRetryConfig(second, second, second, 0)).hasMessageContaining("unreadable");
    }
}
