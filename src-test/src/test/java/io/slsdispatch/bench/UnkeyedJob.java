package io.slsdispatch.bench;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.record.RawLogGroupTypeInfo;
import io.slsdispatch.e2e.cluster.JarOfClasses;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.dispatch.DispatchConfig;
import io.slsdispatch.job.dispatch.DispatchOperatorFactory;
import io.slsdispatch.job.dispatch.GroupDispatcher;
import io.slsdispatch.job.dispatch.SaltedTopicKeySelector;
import io.slsdispatch.job.dispatch.TargetBlocks;
import io.slsdispatch.job.rules.RuleSet;
import io.slsdispatch.job.template.KnownTargets;
import io.slsdispatch.job.topology.SlsConnectors;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The main job without its keyed exchange: each subtask dispatches and writes what it reads. Nobody should run it: it
 * only shows what the exchange costs. For parallelism 1.
 */
public final class UnkeyedJob {

    private UnkeyedJob() {}

    /** A jar of this class alone: the others are in the libraries of the cluster. */
    static Path jar(BenchOptions options) {
        return JarOfClasses.write(options.directory.resolve("unkeyed-job.jar"), UnkeyedJob.class);
    }

    public static void main(String[] args) throws Exception {
        JobConfig config = ConfigReader.readFile(Path.of(args[1]), System.getenv(), Instant.now());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setMaxParallelism(config.execution().maxParallelism());
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        env.configure(settings);
        SlsConnectors connectors = new SlsConnectors();
        DataStream<RawLogGroup> pulled = env.fromSource(
                connectors.source(config.source()),
                WatermarkStrategy.noWatermarks(),
                "pull",
                RawLogGroupTypeInfo.INSTANCE);
        SingleOutputStreamOperator<Void> dispatched = DataStreamUtils.reinterpretAsKeyedStream(
                        pulled, new SaltedTopicKeySelector(1, env.getMaxParallelism()), Types.INT)
                .transform("dispatch", Types.VOID, new DispatchOperatorFactory(rules(config)));
        for (JobConfig.Target target : config.targets()) {
            dispatched
                    .getSideOutput(GroupDispatcher.outputOf(target.name()))
                    .sinkTo(connectors.sink(target))
                    .name("put to " + target.name());
        }
        env.execute("without keyed exchange");
    }

    private static DispatchConfig rules(JobConfig config) {
        RuleSet first = RuleSet.first(config.ruleTable());
        KnownTargets targets = new KnownTargets(first.targets(), Map.of());
        return new DispatchConfig(first, targets, TargetBlocks.none(), Duration.ofMinutes(1), "");
    }
}
