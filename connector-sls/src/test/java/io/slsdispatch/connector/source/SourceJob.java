package io.slsdispatch.connector.source;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.TestGroups;
import io.slsdispatch.connector.config.DiscoveryConfig;
import io.slsdispatch.connector.config.PullConfig;
import io.slsdispatch.connector.config.ReadRetryConfig;
import io.slsdispatch.connector.model.RawLogGroup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job of the source alone, which notes every group that it emits and can be made to fail. */
final class SourceJob {

    private static final Map<String, SourceJob> JOBS = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();
    private final Queue<String> emitted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean failOnNext = new AtomicBoolean();

    SourceJob() {
        JOBS.put(id, this);
    }

    /** A builder with short intervals. */
    static SlsSource.Builder source(FakeSls service) {
        return SlsSource.builder()
                .clients(service.clients())
                .logstore(service.logstore())
                .discovery(new DiscoveryConfig(
                        Duration.ofMillis(50), 0.2, Duration.ofMinutes(5), Duration.ofMillis(100), Duration.ZERO))
                .pulls(new PullConfig(1 << 20, 4, 1000, Duration.ofMillis(5), Duration.ofMillis(20)))
                .retries(new ReadRetryConfig(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofSeconds(5), 5));
    }

    private JobClient start(SlsSource source, int parallelism, Configuration more) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.addAll(more);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(100));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(parallelism).setMaxParallelism(128);
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "sls")
                .uid("sls-source")
                .map(new Note(id))
                .returns(String.class)
                .uid("note")
                .sinkTo((Sink<String>) new DiscardingSink<String>())
                .uid("discard");
        return env.executeAsync();
    }

    /** Starts a job that is restarted as often as it fails. */
    JobClient start(SlsSource source, int parallelism) throws Exception {
        return start(source, parallelism, new Configuration());
    }

    JobClient restore(SlsSource source, int parallelism, String savepoint) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        return start(source, parallelism, configuration);
    }

    /** Restores a job that does not survive a failure. */
    JobClient restoreOnce(SlsSource source, int parallelism, String savepoint) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return start(source, parallelism, configuration);
    }

    /** The contents of all groups emitted so far. */
    List<String> emitted() {
        return List.copyOf(emitted);
    }

    /** The task that emits the next group fails. */
    void failOnNext() {
        failOnNext.set(true);
    }

    private static final class Note implements MapFunction<RawLogGroup, String> {

        private static final long serialVersionUID = 1L;

        private final String job;

        Note(String job) {
            this.job = job;
        }

        @Override
        public String map(RawLogGroup group) {
            SourceJob owner = JOBS.get(job);
            if (owner.failOnNext.getAndSet(false)) {
                throw new IllegalStateException("as the test wants");
            }
            String content = TestGroups.content(group);
            owner.emitted.add(content);
            return content;
        }
    }
}
