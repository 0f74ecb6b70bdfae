package io.slsdispatch.job.topology;

import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.config.JobConfig.Execution;
import java.time.Duration;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.CheckpointConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings that the job gives to Flink. Flink's own configuration takes precedence. */
final class ExecutionSettings {

    /** A drain may take this fraction of the checkpoint timeout: a quarter. */
    private static final int DRAIN_PART = 4;

    /** The pause between two checkpoints takes at least this fraction of their interval: a fifth. */
    private static final int PAUSE_PART = 5;

    private static final Logger LOG = LoggerFactory.getLogger(ExecutionSettings.class);

    private final Execution execution;

    private final boolean rulesAreReloaded;

    ExecutionSettings(JobConfig config) {
        this.execution = config.execution();
        this.rulesAreReloaded = config.rulesUpdates().isPresent();
    }

    void applyTo(StreamExecutionEnvironment env) {
        if (env.getParallelism() > execution.maxParallelism()) {
            throw new IllegalArgumentException("The parallelism " + env.getParallelism()
                    + " is above 'max-parallelism', which is " + execution.maxParallelism()
                    + ". Lower the parallelism, or raise 'max-parallelism' and start without the old savepoint.");
        }
        env.setMaxParallelism(execution.maxParallelism());
        // A bounded run is the same job with an end: it takes checkpoints and keeps the order of the source.
        env.setRuntimeMode(RuntimeExecutionMode.STREAMING);

        ReadableConfig users = env.getConfiguration();
        Configuration ours = new Configuration();
        // Log groups are immutable by convention, and no type may fall back to Kryo.
        ours.set(PipelineOptions.OBJECT_REUSE, true);
        ours.set(PipelineOptions.GENERIC_TYPES, false);
        if (users.getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL).isEmpty()) {
            ours.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, execution.checkpointInterval());
        }
        if (users.getOptional(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS)
                .isEmpty()) {
            // Leaves time to work when a slow target makes checkpoints long.
            Duration interval = users.getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL)
                    .orElse(execution.checkpointInterval());
            ours.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, interval.dividedBy(PAUSE_PART));
        }
        if (users.getOptional(CheckpointingOptions.CHECKPOINTING_TIMEOUT).isEmpty()) {
            ours.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, execution.checkpointTimeout());
        }
        if (users.getOptional(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER).isEmpty()) {
            // A checkpoint waits until all writes are acknowledged, so it times out while a target is down. A restart
            // would not help then, and would write to the other targets again what they already have.
            ours.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
        }
        env.configure(ours);
        refuseRulesThatCannotChangeAtOnce(env);
    }

    /**
     * Refuses reloaded rules when checkpoints are unaligned, not exactly-once, or off. New rules become active at a
     * checkpoint: a subtask that has received the barrier waits until the checkpoint is complete. With an unaligned
     * barrier it may wait for a source that cannot continue, because the groups that the source emits are not consumed.
     */
    private void refuseRulesThatCannotChangeAtOnce(StreamExecutionEnvironment env) {
        if (!rulesAreReloaded) {
            return;
        }
        if (env.getCheckpointConfig().isUnalignedCheckpointsEnabled()) {
            throw new IllegalArgumentException(
                    "Reloading rules ('rules.from') does not work with unaligned checkpoints. Disable"
                            + " 'execution.checkpointing.unaligned.enabled', or remove 'rules.from'.");
        }
        if (env.getConfiguration().get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE)
                != CheckpointingMode.EXACTLY_ONCE) {
            throw new IllegalArgumentException(
                    "Reloading rules ('rules.from') requires aligned checkpoint barriers. Set"
                            + " 'execution.checkpointing.mode' to EXACTLY_ONCE, or remove 'rules.from'.");
        }
        if (env.getCheckpointConfig().getCheckpointInterval() <= 0) {
            throw new IllegalArgumentException(
                    "Reloading rules ('rules.from') requires checkpoints, because new rules apply from a checkpoint"
                            + " on. Set 'execution.checkpointing.interval'.");
        }
    }

    /** Flink's checkpoint timeout. */
    Duration checkpointTimeout(StreamExecutionEnvironment env) {
        return Duration.ofMillis(env.getCheckpointConfig().getCheckpointTimeout());
    }

    /**
     * Adapts the order settings of the source to the checkpoints of the job. A completed checkpoint proves that groups
     * are delivered only if its barriers overtake no groups; without checkpoints there is no such proof.
     *
     * @throws IllegalArgumentException when a target requires an order that these checkpoints cannot keep
     */
    SourceConfig ordered(SourceConfig source, boolean targetsAreOrdered, StreamExecutionEnvironment env) {
        CheckpointConfig checkpoints = env.getCheckpointConfig();
        boolean tellDelivery = checkpoints.isCheckpointingEnabled() && !checkpoints.isUnalignedCheckpointsEnabled();
        if (source.order() != ShardOrder.AFTER_DELIVERY || tellDelivery) {
            return source;
        }
        if (targetsAreOrdered && checkpoints.isCheckpointingEnabled()) {
            throw new IllegalArgumentException("A target is 'ordered' and unaligned checkpoints are enabled"
                    + " ('execution.checkpointing.unaligned.enabled'). Unaligned checkpoints do not show when the"
                    + " groups of a split or merged shard are delivered, so groups of its children could overtake"
                    + " them. Disable unaligned checkpoints, set 'ordered: false' for the targets, or, if the order"
                    + " across a split does not matter, for the source.");
        }
        return source.withOrder(ShardOrder.AFTER_READ);
    }

    /**
     * Adapts the commits of the source to the checkpoints of the job. The barriers of unaligned checkpoints overtake
     * groups, possibly the same ones in each checkpoint, so no completed checkpoint shows what is delivered; then
     * nothing is committed.
     */
    SourceConfig committing(SourceConfig source, StreamExecutionEnvironment env) {
        if (source.consumerGroup() == null || !env.getCheckpointConfig().isUnalignedCheckpointsEnabled()) {
            return source;
        }
        LOG.warn(
                "Consumer group '{}' of {} receives no progress: unaligned checkpoints are enabled"
                        + " ('execution.checkpointing.unaligned.enabled'), so a completed checkpoint does not prove"
                        + " that groups are delivered. To see the lag in the service's console, disable them",
                source.consumerGroup(),
                source.logstore());
        return source.withoutConsumerGroup();
    }

    /**
     * Adapts the drain settings of a target to the checkpoints of the job: pending writes must be acknowledged well
     * before a checkpoint times out. The barrier needs a part of that time to reach the sink, and targets that share a
     * task are drained one after another.
     */
    JobConfig.Target drainingInTime(JobConfig.Target target, StreamExecutionEnvironment env) {
        Duration timeout = Duration.ofMillis(env.getCheckpointConfig().getCheckpointTimeout());
        return target.with(target.config().drainingWithin(timeout.dividedBy(DRAIN_PART)));
    }

    /**
     * Adapts the limits of a target by template to the checkpoints of the job, as {@link #drainingInTime(JobConfig.Target,
     * StreamExecutionEnvironment)} does: also groups of a logstore in creation hold a checkpoint no longer than that.
     */
    JobConfig.Template drainingInTime(JobConfig.Template target, StreamExecutionEnvironment env) {
        Duration timeout = Duration.ofMillis(env.getCheckpointConfig().getCheckpointTimeout());
        return target.with(target.config().drainingWithin(timeout.dividedBy(DRAIN_PART)));
    }

    /**
     * The number of partitions over which a topic can spread. It must not depend on the parallelism: an unaligned
     * checkpoint contains groups in flight to the dispatcher. When it is restored with another number of partitions,
     * such a group may belong to a subtask that does not receive it, and Flink would drop it. (Savepoints are always
     * aligned.)
     */
    int partitionsPerTopic() {
        return execution.lanes();
    }

    /** The job's name: the configured one, else the one in Flink's configuration, else the given one. */
    String name(StreamExecutionEnvironment env, String otherwise) {
        return execution
                .name()
                .or(() -> env.getConfiguration().getOptional(PipelineOptions.NAME))
                .orElse(otherwise);
    }

    /** A description of how Flink will run the job. */
    String describe(StreamExecutionEnvironment env) {
        long interval = env.getCheckpointConfig().getCheckpointInterval();
        String checkpoints = interval > 0
                ? "a checkpoint every " + Durations.text(Duration.ofMillis(interval))
                : "NO CHECKPOINTS: after a failure the job starts again at 'start'";
        return "  parallelism " + env.getParallelism() + " (at most " + execution.maxParallelism() + "), "
                + partitionsPerTopic() + " lanes per topic, " + checkpoints;
    }
}
