package io.slsdispatch.connector.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.flink.runtime.metrics.groups.InternalSourceReaderMetricGroup;
import org.junit.jupiter.api.Test;

class ReaderMetricsTest {

    private static final Instant NOW = Instant.parse("2026-05-04T03:00:00Z");
    private static final int SHOWN = 1024;

    private final MetricListener listener = new MetricListener();
    private final ReaderMetrics metrics = new ReaderMetrics(
            InternalSourceReaderMetricGroup.mock(listener.getMetricGroup()),
            "all-logs",
            Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void longestLagOfShardsWithoutNumbersOfTheirOwnIsShownUntilTheyEnd() {
        for (int shard = 0; shard < SHOWN; shard++) {
            metrics.begin(shard, NOW.getEpochSecond());
        }
        assertThat(listener.getGauge("sls", "logstore", "all-logs", "shard", "further", "lagSeconds"))
                .isEmpty();

        ShardMetrics slow = metrics.begin(SHOWN, NOW.getEpochSecond() - 500);
        metrics.begin(SHOWN + 1, NOW.getEpochSecond() - 20);
        assertThat(furtherLag()).isEqualTo(500);
        assertThat(metrics.of(SHOWN)).isSameAs(slow);

        slow.pulledUpTo(NOW.toEpochMilli());
        assertThat(furtherLag()).isEqualTo(20);
        metrics.of(SHOWN + 1).ended();
        metrics.begin(SHOWN + 2, NOW.getEpochSecond() - 7);
        assertThat(furtherLag()).isEqualTo(7);
        assertThat(listener.getGauge("sls", "logstore", "all-logs", "shard", "1024", "lagSeconds"))
                .isEmpty();
    }

    private long furtherLag() {
        Gauge<Long> gauge = listener.<Long>getGauge("sls", "logstore", "all-logs", "shard", "further", "lagSeconds")
                .orElseThrow();
        return gauge.getValue();
    }
}
