package io.slsdispatch.connector.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.model.RawLogGroup;
import org.junit.jupiter.api.Test;

/** That every other test of the writer ends with books that balance, {@link WriterRig#flush} sees to. */
class SinkBalanceTest {

    private static final RawLogGroup GROUP = new RawLogGroup(new byte[10], 0, 10, "topic", 0, "cursor", 0);

    private final RecordedMetrics recorded = new RecordedMetrics();
    private final SinkMetrics metrics = new SinkMetrics(recorded, () -> 0);

    @Test
    void groupsThatCameToTheirEndBalance() {
        for (int i = 0; i < 3; i++) {
            metrics.taken();
        }
        metrics.split(4);
        metrics.deadLettered(GROUP);
        for (int i = 0; i < 5; i++) {
            metrics.dropped(GROUP);
        }

        metrics.checkBalance();

        assertThat(recorded.shown("sls.sinkImbalance")).isZero();
    }

    @Test
    void groupOfWhichNothingIsHeardAndGroupThatIsCountedTwiceAreShown() {
        metrics.taken();
        metrics.taken();
        metrics.dropped(GROUP);
        metrics.checkBalance();
        assertThat(recorded.shown("sls.sinkImbalance")).isEqualTo(1);

        metrics.dropped(GROUP);
        metrics.deadLettered(GROUP);
        metrics.checkBalance();
        assertThat(recorded.shown("sls.sinkImbalance")).isEqualTo(-1);
    }
}
