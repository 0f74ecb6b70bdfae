package io.slsdispatch.e2e.dispatch;

import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;

/** Flink clusters inside the test. */
final class Clusters {

    private static final int SLOTS = 4;

    private Clusters() {}

    /** Room for one job at parallelism 4 with all that it chains. */
    static MiniClusterExtension small() {
        return small(new Configuration());
    }

    /** The same, with metrics in its REST interface that are at most half a second old, and not 10 seconds. */
    static MiniClusterExtension smallWithFreshMetrics() {
        return small(new Configuration().set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofMillis(500)));
    }

    private static MiniClusterExtension small(Configuration configuration) {
        return new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumberTaskManagers(1)
                .setNumberSlotsPerTaskManager(SLOTS)
                .build());
    }
}
