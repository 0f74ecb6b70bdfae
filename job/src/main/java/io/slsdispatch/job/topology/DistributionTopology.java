package io.slsdispatch.job.topology;

import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.record.RawLogGroupTypeInfo;
import io.slsdispatch.job.config.ConfigFingerprint;
import io.slsdispatch.job.config.GroupCompression;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.dispatch.DispatchConfig;
import io.slsdispatch.job.dispatch.DispatchOperatorFactory;
import io.slsdispatch.job.dispatch.GroupDispatcher;
import io.slsdispatch.job.dispatch.ReloadingDispatchOperatorFactory;
import io.slsdispatch.job.dispatch.SaltedTopicKeySelector;
import io.slsdispatch.job.dispatch.TargetBlocks;
import io.slsdispatch.job.rules.RuleSet;
import io.slsdispatch.job.rules.reload.ConfiguredRules;
import io.slsdispatch.job.savepoint.OperatorIds;
import io.slsdispatch.job.template.KnownTargets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The topology of the job: pull, key by topic and shard, dispatch, and for each target a side output and a sink; between
 * the dispatcher and many targets there are {@link TargetBlocks}.
 */
public final class DistributionTopology {

    /** Margin for the notification that a checkpoint timed out to arrive. */
    private static final Duration AFTER_THE_TIMEOUT = Duration.ofMinutes(1);

    private final JobConfig config;
    private final Connectors connectors;

    public DistributionTopology(JobConfig config, Connectors connectors) {
        this.config = config;
        this.connectors = connectors;
    }

    /**
     * Adds the job to an environment, and uses its parallelism.
     *
     * @throws IllegalArgumentException when the configuration conflicts with Flink's settings; the message says how to
     *     fix it
     */
    public void addTo(StreamExecutionEnvironment env) {
        GroupCompression compression = new GroupCompression(config);
        compression.problem().ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        ExecutionSettings settings = new ExecutionSettings(config);
        settings.applyTo(env);
        boolean targetsAreOrdered = config.destinations().stream()
                .anyMatch(target -> target.delivery().ordered());
        SourceConfig source = settings.committing(
                        settings.ordered(config.source().config(), targetsAreOrdered, env), env)
                .withPacking(compression.packing());

        SingleOutputStreamOperator<Void> dispatched = env.fromSource(
                        connectors.source(config.source().with(source)),
                        WatermarkStrategy.noWatermarks(),
                        "pull from " + source.logstore(),
                        RawLogGroupTypeInfo.INSTANCE)
                .uid(OperatorIds.SOURCE)
                .keyBy(new SaltedTopicKeySelector(settings.partitionsPerTopic(), env.getMaxParallelism()), Types.INT)
                .transform("dispatch by topic", Types.VOID, dispatcher(settings.checkpointTimeout(env)))
                .uid(OperatorIds.DISPATCH);

        TargetBlocks blocks = blocks();
        Map<String, SingleOutputStreamOperator<Void>> upstream = behindBlocks(blocks, dispatched);
        for (JobConfig.Target target : config.targets()) {
            upstream.getOrDefault(target.name(), dispatched)
                    .getSideOutput(GroupDispatcher.outputOf(target.name()))
                    .sinkTo(connectors.sink(settings.drainingInTime(target, env)))
                    .name("put to " + target.name())
                    .uid(OperatorIds.target(target.name()));
        }
        for (JobConfig.Template target : config.templates()) {
            dispatched
                    .getSideOutput(GroupDispatcher.templateOutputOf(target.name()))
                    .sinkTo(connectors.sink(settings.drainingInTime(target, env)))
                    .name("put to " + target.name())
                    .uid(OperatorIds.target(target.name()));
        }
    }

    private TargetBlocks blocks() {
        return TargetBlocks.of(
                config.targets().stream().map(JobConfig.Target::name).toList());
    }

    /** Adds the blocks, and returns the one of each target. */
    private static Map<String, SingleOutputStreamOperator<Void>> behindBlocks(
            TargetBlocks blocks, SingleOutputStreamOperator<Void> dispatched) {
        Map<String, SingleOutputStreamOperator<Void>> upstream = new HashMap<>();
        for (int block = 0; block < blocks.count(); block++) {
            SingleOutputStreamOperator<Void> operator = dispatched
                    .getSideOutput(TargetBlocks.outputOf(block))
                    .transform(blocks.name(block), Types.VOID, blocks.operator(block))
                    .uid(OperatorIds.block(block));
            blocks.targets(block).forEach(target -> upstream.put(target, operator));
        }
        return upstream;
    }

    private DispatchOperatorFactory dispatcher(Duration checkpointTimeout) {
        KnownTargets targets = config.knownTargets();
        DispatchConfig rules = new DispatchConfig(
                RuleSet.first(config.ruleTable()),
                targets,
                blocks(),
                checkpointTimeout.plus(AFTER_THE_TIMEOUT),
                ConfigFingerprint.of(config).text());
        return config.rulesUpdates()
                .<DispatchOperatorFactory>map(updates -> new ReloadingDispatchOperatorFactory(
                        rules, new ConfiguredRules(updates, targets), connectors.progress(config.source())))
                .orElseGet(() -> new DispatchOperatorFactory(rules));
    }
}
