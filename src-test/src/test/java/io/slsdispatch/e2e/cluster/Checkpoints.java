package io.slsdispatch.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A job's checkpoints and savepoints that its JobManager still remembers: the last hundred since it took over the job.
 *
 * @param restores how often state was restored under this JobManager
 * @param latestRestore the last time that state was restored
 * @param history oldest first
 */
public record Checkpoints(int restores, Optional<Restore> latestRestore, List<Checkpoint> history) {

    /**
     * @param id rises with each one triggered, also across restarts of the job and of the JobManager
     * @param status IN_PROGRESS, COMPLETED or FAILED
     * @param savepoint whether it is a savepoint
     * @param path where it lies; empty = not completed
     * @param triggeredMillis unix milliseconds of its begin, by the JobManager's clock
     */
    public record Checkpoint(long id, String status, boolean savepoint, Optional<String> path, long triggeredMillis) {

        public boolean isCompleted() {
            return status.equals("COMPLETED");
        }
    }

    /**
     * State that was restored.
     *
     * @param id of the checkpoint or savepoint
     * @param savepoint whether it was a savepoint
     * @param millis unix milliseconds of the restore, by the JobManager's clock: before the new attempt runs, and after
     *     the end of all tasks of the attempt before that the JobManager could reach
     */
    public record Restore(long id, boolean savepoint, long millis) {

        private static Optional<Restore> of(JsonNode restored) {
            return restored.hasNonNull("restore_timestamp")
                    ? Optional.of(new Restore(
                            restored.path("id").asLong(),
                            restored.path("is_savepoint").asBoolean(),
                            restored.path("restore_timestamp").asLong()))
                    : Optional.empty();
        }
    }

    public Checkpoints {
        history = List.copyOf(history);
    }

    static Checkpoints of(JsonNode statistics) {
        List<Checkpoint> history = new ArrayList<>();
        StreamSupport.stream(statistics.path("history").spliterator(), false)
                .map(Checkpoints::checkpoint)
                .forEach(checkpoint -> history.add(0, checkpoint));
        return new Checkpoints(
                statistics.path("counts").path("restored").asInt(),
                Restore.of(statistics.path("latest").path("restored")),
                history);
    }

    private static Checkpoint checkpoint(JsonNode json) {
        return new Checkpoint(
                json.path("id").asLong(),
                json.path("status").asText(),
                json.path("is_savepoint").asBoolean(),
                Optional.ofNullable(json.path("external_path").textValue()),
                json.path("trigger_timestamp").asLong());
    }

    /** Id of the last one triggered; 0 = none. */
    public long lastId() {
        return history.stream().mapToLong(Checkpoint::id).max().orElse(0);
    }

    /** The newest completed one, savepoints not counted. */
    public Optional<Checkpoint> latestCompleted() {
        return completed().reduce((older, newer) -> newer);
    }

    /** The newest savepoint that is neither completed nor failed. */
    public Optional<Checkpoint> savepointUnderWay() {
        return history.stream()
                .filter(checkpoint ->
                        checkpoint.savepoint() && checkpoint.status().equals("IN_PROGRESS"))
                .reduce((older, newer) -> newer);
    }

    /** Ids of those that were triggered after the given one and have completed, savepoints not counted. */
    List<Long> completedAfter(long id) {
        return completed().map(Checkpoint::id).filter(other -> other > id).toList();
    }

    private Stream<Checkpoint> completed() {
        return history.stream().filter(checkpoint -> checkpoint.isCompleted() && !checkpoint.savepoint());
    }
}
