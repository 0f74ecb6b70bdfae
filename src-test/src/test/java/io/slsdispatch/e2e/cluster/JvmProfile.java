package io.slsdispatch.e2e.cluster;

import java.util.List;

/** How the Java processes of a cluster are tuned. */
public enum JvmProfile {
    /** Serial collector and first compiler only: starts with about 40% less CPU. For tests of behaviour. */
    QUICK_START,

    /** As a user's cluster runs: the JVM's own choice. For tests of throughput and memory. */
    DEFAULT;

    List<String> options() {
        return switch (this) {
            case QUICK_START -> List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
            case DEFAULT -> List.of();
        };
    }
}
