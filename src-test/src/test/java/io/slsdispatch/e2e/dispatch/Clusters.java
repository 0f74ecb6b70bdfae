package io.slsdispatch.e2e.dispatch;

import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;

/** Flink clusters inside the test. */
final class Clusters {

    private static final int SLOTS = 4;

    private Clusters() {}

    /** Room for one job at parallelism 4 with all that it chains. */
    static MiniClusterExtension small() {
        return new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
                .setNumberTaskManagers(1)
                .setNumberSlotsPerTaskManager(SLOTS)
                .build());
    }
}
