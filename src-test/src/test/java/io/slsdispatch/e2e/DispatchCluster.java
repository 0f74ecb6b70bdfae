package io.slsdispatch.e2e;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.FlinkClusterBuilder;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.signature.Credential;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An SLS Local and, beside it, a cluster of real processes that have a key of it in {@code SLS_AK_ID} and
 * {@code SLS_AK_KEY}. A static field with {@code @RegisterExtension} starts both before the tests of a class and ends them
 * after these.
 */
final class DispatchCluster implements BeforeAllCallback, AfterAllCallback {

    private final Credential key;
    private final FlinkClusterBuilder builder;
    private final InstantSource clock;
    private @Nullable SlsLocal sls;
    private @Nullable FlinkCluster cluster;

    private DispatchCluster(Credential key, FlinkClusterBuilder builder, InstantSource clock) {
        this.key = key;
        this.builder = builder;
        this.clock = clock;
    }

    /** A cluster as described, whose processes are given the key on top. */
    static DispatchCluster of(FlinkClusterBuilder builder) {
        return withKey(SlsLocalOptions.DEFAULT_KEY, builder);
    }

    /** As {@link #of}, with a key of its own. */
    static DispatchCluster withKey(Credential key, FlinkClusterBuilder builder) {
        return new DispatchCluster(key, builder, InstantSource.system());
    }

    /** As {@link #of}, with a clock of the service. */
    static DispatchCluster withClock(InstantSource clock, FlinkClusterBuilder builder) {
        return new DispatchCluster(SlsLocalOptions.DEFAULT_KEY, builder, clock);
    }

    /** The variables from which a process reads the key. */
    static Map<String, String> variablesOf(Credential key) {
        return Map.of("SLS_AK_ID", key.accessKeyId(), "SLS_AK_KEY", key.accessKeySecret());
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        sls = SlsLocal.start(
                SlsLocalOptions.builder().credential(key).clock(clock).build());
        try {
            cluster = builder.environment(variablesOf(key)).start();
        } catch (RuntimeException | Error e) {
            sls.close();
            throw e;
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (cluster != null) {
            cluster.close();
        }
        if (sls != null) {
            sls.close();
        }
    }

    SlsLocal sls() {
        return started(sls);
    }

    FlinkCluster flink() {
        return started(cluster);
    }

    /** Source and targets in a project of their own. */
    Logstores logstores(String project) {
        return Logstores.create(sls(), project);
    }

    ClusterJob submit(Submission submission) {
        return flink().submit(submission);
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("The cluster starts with the first test of its class, not before");
        }
        return part;
    }
}
