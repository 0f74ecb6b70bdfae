package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.topology.Connectors;
import io.slsdispatch.job.topology.DistributionTopology;
import io.slsdispatch.job.topology.SlsConnectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointFailureReason;
import org.apache.flink.runtime.scheduler.stopwithsavepoint.StopWithSavepointStoppingException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.assertj.core.api.ThrowingConsumer;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A job in the cluster of the test; cancelled when it is closed. */
final class RunningJob implements AutoCloseable {

    /** Long enough for any machine. */
    static final Duration LONG = Duration.ofMinutes(2);

    private final JobClient client;

    private RunningJob(JobClient client) {
        this.client = client;
    }

    /** Starts a job that does not survive a failure. */
    static RunningJob start(JobConfig config, int parallelism) throws Exception {
        return start(config, new SlsConnectors(), parallelism, new Configuration());
    }

    /** Starts a job that is restarted as often as it fails. */
    static RunningJob startLasting(JobConfig config, Connectors connectors, int parallelism) throws Exception {
        Configuration flink = new Configuration();
        flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
        return start(config, connectors, parallelism, flink);
    }

    /** Starts a job where a savepoint was taken. */
    static RunningJob restore(JobConfig config, int parallelism, String savepoint) throws Exception {
        Configuration flink = new Configuration();
        flink.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        return start(config, new SlsConnectors(), parallelism, flink);
    }

    /**
     * Starts a job with unaligned checkpoints, which stay when it is cancelled.
     *
     * @param checkpoints folder for them
     * @param from a checkpoint to restore; null for none
     */
    static RunningJob startUnaligned(JobConfig config, int parallelism, Path checkpoints, @Nullable Path from)
            throws Exception {
        Configuration flink = new Configuration();
        flink.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
        flink.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        flink.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        if (from != null) {
            flink.set(StateRecoveryOptions.SAVEPOINT_PATH, from.toUri().toString());
        }
        return start(config, new SlsConnectors(), parallelism, flink);
    }

    /** The newest complete checkpoint of this job in a folder, if there is one. */
    Optional<Path> newestCheckpoint(Path checkpoints) throws IOException {
        Path ofJob = checkpoints.resolve(client.getJobID().toHexString());
        if (!Files.exists(ofJob)) {
            return Optional.empty();
        }
        try (Stream<Path> found = Files.list(ofJob)) {
            return found.filter(checkpoint -> Files.exists(checkpoint.resolve("_metadata")))
                    .max(Comparator.comparing(checkpoint ->
                            Integer.valueOf(checkpoint.getFileName().toString().substring("chk-".length()))));
        }
    }

    private static RunningJob start(JobConfig config, Connectors connectors, int parallelism, Configuration flink)
            throws Exception {
        if (flink.getOptional(RestartStrategyOptions.RESTART_STRATEGY).isEmpty()) {
            flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        env.setParallelism(parallelism);
        new DistributionTopology(config, connectors).addTo(env);
        assertThat(env.getConfiguration().get(PipelineOptions.GENERIC_TYPES))
                .as("whether a type may fall back to Kryo")
                .isFalse();
        return new RunningJob(env.executeAsync("end to end"));
    }

    /** Runs a bounded job to its end. */
    static void run(JobConfig config, int parallelism) throws Exception {
        try (RunningJob job = start(config, parallelism)) {
            job.awaitEnd();
        }
    }

    /**
     * Waits until the job finishes by itself.
     *
     * @throws ExecutionException when it fails instead
     */
    void awaitEnd() throws Exception {
        client.getJobExecutionResult().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** Waits until an assertion holds. A job that has ended meanwhile ends the waiting. */
    void awaitWhileRunning(String what, ThrowingConsumer<RunningJob> assertion) {
        waiting(what).untilAsserted(() -> assertion.accept(this));
    }

    private ConditionFactory waiting(String what) {
        return await(what)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(100))
                .failFast("the job has ended", this::hasEnded);
    }

    /**
     * Stops it; everything that it has read is delivered. As long as the job or one of its tasks is still starting, Flink
     * refuses, and it is tried again.
     *
     * @return the savepoint
     */
    String stopWithSavepoint(Path folder) {
        return await("the savepoint")
                .atMost(LONG.multipliedBy(2))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> tryToStop(folder), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<String> tryToStop(Path folder) throws Exception {
        try {
            return Optional.of(client.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
                    .get(LONG.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            Optional<StopWithSavepointStoppingException> stopping =
                    ExceptionUtils.findThrowable(e, StopWithSavepointStoppingException.class);
            if (stopping.isPresent() && hasLostAnEvent()) {
                return Optional.of(stopping.get().getSavepointPath());
            }
            String refusal = CheckpointFailureReason.NOT_ALL_REQUIRED_TASKS_RUNNING.message();
            if (ExceptionUtils.findThrowableWithMessage(e, refusal).isPresent()
                    || ExceptionUtils.findThrowableWithMessage(e, "while the JobManager is initializing")
                            .isPresent()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Whether Flink has sent a task something while that was ending behind the savepoint, such as the news that a
     * shard was closed: it then fails the job, which would go on, and has a good savepoint.
     */
    private boolean hasLostAnEvent() throws Exception {
        try {
            awaitEnd();
            return false;
        } catch (ExecutionException end) {
            return ExceptionUtils.findThrowableWithMessage(end, "An OperatorEvent from an OperatorCoordinator")
                    .isPresent();
        }
    }

    /** Cancels it if it still runs, and waits for the end, so that it writes nothing any more. */
    @Override
    public void close() {
        // A job that ends at this moment refuses to be cancelled.
        await("the end of the job").atMost(LONG).ignoreExceptions().until(() -> {
            if (!hasEnded()) {
                client.cancel().get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            return hasEnded();
        });
    }

    /** The id by which Flink knows it. */
    String id() {
        return client.getJobID().toHexString();
    }

    /** Whether it has finished, failed or been cancelled. */
    boolean hasEnded() throws Exception {
        return client.getJobStatus().get().isGloballyTerminalState();
    }
}
