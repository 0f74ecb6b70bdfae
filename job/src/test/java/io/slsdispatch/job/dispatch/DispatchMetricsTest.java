package io.slsdispatch.job.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.metrics.testutils.MetricListener;
import org.junit.jupiter.api.Test;

class DispatchMetricsTest {

    private final MetricListener metrics = new MetricListener();
    private final DispatchMetrics.Balance balance = new DispatchMetrics.Balance(metrics.getMetricGroup());

    @Test
    void accountsBalanceWhenEveryGroupIsSentCopiedOrDropped() {
        balance.received(1);
        balance.received(3);
        balance.received(0);

        balance.check(4, 1);

        assertThat(imbalance()).isZero();
    }

    @Test
    void tellsHowManyGroupsWentAWayThatNobodyCounts() {
        balance.received(1);
        balance.received(1);

        balance.check(1, 0);

        assertThat(imbalance()).isEqualTo(1);
    }

    private long imbalance() {
        return metrics.<Long>getGauge("imbalance").orElseThrow().getValue();
    }
}
