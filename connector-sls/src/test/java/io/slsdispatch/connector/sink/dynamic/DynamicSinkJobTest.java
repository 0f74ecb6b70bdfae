package io.slsdispatch.connector.sink.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.record.AddressedLogGroupTypeInfo;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sink in a running job: real mailboxes, timers and checkpoints, chained to its upstream and not. */
@Timeout(300)
class DynamicSinkJobTest {

    private static final int GROUPS = 2_000;
    private static final int LOGSTORES = 20;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static FakeProject project;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void createsWhatIsMissingAndWritesEverythingOnce(boolean isChained) throws Exception {
        project = new FakeProject(System::nanoTime);
        project.readyAfter = Duration.ofMillis(200);
        Configuration settings = new Configuration();
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.enableCheckpointing(100);
        env.setParallelism(2);
        if (!isChained) {
            env.disableOperatorChaining();
        }
        env.fromSource(new NumberSequenceSource(0, GROUPS - 1), WatermarkStrategy.noWatermarks(), "numbers")
                .map(number -> AddressedLogGroup.to(
                        "app-" + number % LOGSTORES,
                        new RawLogGroup(new byte[100], 0, 100, "topic", 0, "cursor", number.intValue())))
                .returns(AddressedLogGroupTypeInfo.INSTANCE)
                .sinkTo(DynamicSlsSink.builder()
                        .config(DynamicRig.config()
                                .linger(Duration.ofMillis(100))
                                .createWithin(Duration.ofMinutes(2))
                                .build())
                        .clients(() -> project.client())
                        .build())
                .uid("target-by-app");

        env.executeAsync().getJobExecutionResult().get(240, TimeUnit.SECONDS);

        assertThat(project.stores).hasSize(LOGSTORES);
        assertThat(project.createCalls).hasSizeLessThan(2 * LOGSTORES + 1);
        for (int i = 0; i < LOGSTORES; i++) {
            int logstore = i;
            assertThat(project.storedIn("app-" + i))
                    .hasSize(GROUPS / LOGSTORES)
                    .doesNotHaveDuplicates()
                    .allMatch(number -> number % LOGSTORES == logstore);
        }
    }
}
