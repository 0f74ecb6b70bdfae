package io.slsdispatch.job.status;

import io.slsdispatch.connector.metrics.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What Flink knows of a job at one moment.
 *
 * @param state Flink's name of the state, such as {@code RUNNING}
 * @param since when the state began, by the clock of the JobManager
 * @param now the time of the answer, by the same clock
 * @param missingTasks how many of its tasks do not run, although the job does
 * @param restarts since the job was submitted; empty if it is not known
 * @param failure the newest failure; null if there was none
 * @param checkpoints null if the job takes none
 * @param limits what Flink's answers lack, for the operator
 */
record JobReport(
        String id,
        String name,
        String state,
        Instant since,
        Instant now,
        int missingTasks,
        OptionalLong restarts,
        @Nullable Failure failure,
        @Nullable Checkpoints checkpoints,
        Source source,
        List<Target> targets,
        Rules rules,
        Anomalies anomalies,
        List<String> limits) {

    /** Flink deploys tasks within seconds if it has the slots. */
    private static final Duration STARTING = Duration.ofSeconds(30);

    JobReport {
        targets = List.copyOf(targets);
        limits = List.copyOf(limits);
    }

    /** Whether tasks do not run yet, of a job that has not failed and runs for a few seconds only. */
    boolean isStarting() {
        return state.equals("RUNNING")
                && missingTasks > 0
                && failure == null
                && Duration.between(since, now).compareTo(STARTING) < 0;
    }

    /**
     * A failure of the job or of a task.
     *
     * @param task the task that failed, empty if it was the job
     */
    record Failure(Instant at, RootCause cause, String task) {}

    /**
     * The checkpoints of the job.
     *
     * @param last the last one that completed; null if none did
     * @param running since when one is in progress; null if none is
     * @param waitsFor the tasks that have not finished their part of it
     * @param failedSince how many failed since the last one that completed
     * @param failureMessage why the last of these failed; empty if it is not known
     */
    record Checkpoints(
            @Nullable Completed last,
            @Nullable Instant running,
            List<String> waitsFor,
            long failedSince,
            String failureMessage) {

        /** A checkpoint that completed. */
        record Completed(long id, Instant at, Duration took) {}
    }

    /**
     * The source.
     *
     * @param shards the shards that are read, lowest id first
     * @param problems of listing and reading
     * @param failingShards how many shards cannot be read at present
     * @param waitingShards shards that wait for their start, or for the shards before them
     * @param run the progress of a bounded run; null for a job without a stop
     * @param retention how long the logstore keeps data; null if it is not known, or forever
     * @param startGroupMissing whether the consumer group of the start did not exist
     */
    record Source(
            List<Shard> shards,
            List<Problem> problems,
            long failingShards,
            long waitingShards,
            long dataGaps,
            @Nullable Run run,
            @Nullable Duration retention,
            boolean startGroupMissing) {

        /** The longest lag of a shard, in seconds. */
        long lagSeconds() {
            return shards.stream().mapToLong(Shard::lagSeconds).max().orElse(0);
        }
    }

    /** @param name its id, or {@code further} for those that share their metrics */
    record Shard(String name, long lagSeconds, long throttles, long errors) {}

    /**
     * The progress of a bounded run.
     *
     * @param left null if it is not known
     */
    record Run(double percent, @Nullable Duration left) {}

    /**
     * A target. The numbers are those of all its writers, since the job last started.
     *
     * @param status 0 for a target that works, else {@link Problem.Kind#status}; empty if Flink left it out
     * @param problem null if there is none, or if it was not asked for
     * @param oldestInFlight how long the oldest request has had no acknowledgement
     * @param flush how long the last checkpoint waited for the target, or the present one so far
     */
    record Target(
            String name,
            OptionalLong status,
            OptionalDouble bytesPerSecond,
            long retries,
            long deadLettered,
            long dropped,
            Duration oldestInFlight,
            Duration flush,
            @Nullable Problem problem) {

        Target with(Problem found) {
            return new Target(
                    name, status, bytesPerSecond, retries, deadLettered, dropped, oldestInFlight, flush, found);
        }
    }

    /**
     * The rules.
     *
     * @param version the active one; empty if it is not known
     * @param waiting whether newer rules are valid and not active yet
     * @param problem why the newest rules are not used; null if they are
     */
    record Rules(
            OptionalLong version, boolean waiting, @Nullable Problem problem) {}
}
