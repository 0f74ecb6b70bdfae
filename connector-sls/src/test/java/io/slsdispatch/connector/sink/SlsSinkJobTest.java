package io.slsdispatch.connector.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.record.RawLogGroupTypeInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The sink in a running job: real mailboxes, timers, checkpoints and cancelling. */
@Timeout(300)
class SlsSinkJobTest {

    private static final LogstoreId LOGSTORE = new LogstoreId("project", "target");
    private static final int GROUPS = 2_000;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static SlowTarget target;

    @BeforeEach
    void startWithANewTarget() {
        target = new SlowTarget();
    }

    @Test
    void writesEverythingOnceThroughOutagesAndThrottling() throws Exception {
        target.failEvery(7, ErrorKind.UNAVAILABLE);
        target.failEvery(11, ErrorKind.THROTTLED);

        job(SinkConfig.builder("nginx", LOGSTORE)).get(240, TimeUnit.SECONDS);

        assertThat(target.stored())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, GROUPS).boxed().toList());
    }

    @Test
    void failsTheJobWithTheCureWhenAGroupIsRefusedForGood(@InjectMiniCluster MiniCluster cluster) throws Exception {
        target.failEvery(1, ErrorKind.INVALID_REQUEST);
        // An event of the source's coordinator that gets lost with a task that fails would hide the cause. When both
        // tasks have written, both have got their split, and as it has no end, they are sent nothing else.
        target.hang();
        JobClient client = environment(SinkConfig.builder("nginx", LOGSTORE), Long.MAX_VALUE)
                .executeAsync();
        await().atMost(Duration.ofSeconds(60)).until(() -> target.askers() == 2);
        target.goOn();

        assertThatThrownBy(() -> client.getJobExecutionResult().get(240, TimeUnit.SECONDS));

        // The job may name another cause: a message to the task that has just failed.
        assertThat(taskFailures(cluster, client.getJobID()))
                .anyMatch(failure ->
                        failure.contains("target 'nginx' (project/target) permanently rejected a log" + " group"));
    }

    private static List<String> taskFailures(MiniCluster cluster, JobID job) throws Exception {
        List<String> failures = new ArrayList<>();
        for (AccessExecutionVertex task : cluster.getExecutionGraph(job).get().getAllExecutionVertices()) {
            task.getFailureInfo().ifPresent(failure -> failures.add(failure.getExceptionAsString()));
        }
        return failures;
    }

    @Test
    void canBeCancelledWhileTheTargetHangs() throws Exception {
        target.hang();
        JobClient client = environment(SinkConfig.builder("nginx", LOGSTORE)).executeAsync();
        await().atMost(Duration.ofSeconds(60)).until(() -> target.requests() > 0);

        client.cancel().get(60, TimeUnit.SECONDS);

        await().atMost(Duration.ofSeconds(60)).until(() -> client.getJobStatus().get() == JobStatus.CANCELED);
        await().atMost(Duration.ofSeconds(60)).until(() -> target.openClients() == 0);
    }

    private static CompletableFuture<?> job(SinkConfig.Builder config) throws Exception {
        return environment(config).executeAsync().getJobExecutionResult();
    }

    private static StreamExecutionEnvironment environment(SinkConfig.Builder config) {
        return environment(config, GROUPS);
    }

    private static StreamExecutionEnvironment environment(SinkConfig.Builder config, long groups) {
        Configuration settings = new Configuration();
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.enableCheckpointing(50);
        env.setParallelism(2);
        SlsClientFactory clients = () -> target.client();
        env.fromSource(new NumberSequenceSource(0, groups - 1), WatermarkStrategy.noWatermarks(), "numbers")
                .map(number -> new RawLogGroup(new byte[100], 0, 100, "topic", 0, "cursor", (int) (number % GROUPS)))
                .returns(RawLogGroupTypeInfo.INSTANCE)
                .sinkTo(SlsSink.builder()
                        .config(config.build())
                        .clients(clients)
                        .build());
        return env;
    }
}
