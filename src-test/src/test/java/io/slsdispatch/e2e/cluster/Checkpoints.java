package io.slsdispatch.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A job's checkpoints and savepoints that its JobManager still remembers: the last hundred since it took over the job.
 *
 * @param restores how often state was restored under this JobManager
 * @param history oldest first
 */
public record Checkpoints(int restores, List<Checkpoint> history) {

    /**
     * @param id rises with each one triggered, also across restarts of the job and of the JobManager
     * @param status IN_PROGRESS, COMPLETED or FAILED
     * @param savepoint whether it is a savepoint
     * @param path where it lies; empty = not completed
     */
    public record Checkpoint(long id, String status, boolean savepoint, Optional<String> path) {

        public boolean isCompleted() {
            return status.equals("COMPLETED");
        }
    }

    public Checkpoints {
        history = List.copyOf(history);
    }

    static Checkpoints of(JsonNode statistics) {
        List<Checkpoint> history = new ArrayList<>();
        for (JsonNode checkpoint : statistics.path("history")) {
            history.add(
                    0,
                    new Checkpoint(
                            checkpoint.path("id").asLong(),
                            checkpoint.path("status").asText(),
                            checkpoint.path("is_savepoint").asBoolean(),
                            Optional.ofNullable(checkpoint.path("external_path").textValue())));
        }
        return new Checkpoints(statistics.path("counts").path("restored").asInt(), history);
    }

    /** Id of the last one triggered; 0 = none. */
    public long lastId() {
        return history.stream().mapToLong(Checkpoint::id).max().orElse(0);
    }

    /** The newest completed one, savepoints not counted. */
    public Optional<Checkpoint> latestCompleted() {
        return completed().reduce((older, newer) -> newer);
    }

    /** Ids of those that were triggered after the given one and have completed, savepoints not counted. */
    List<Long> completedAfter(long id) {
        return completed().map(Checkpoint::id).filter(other -> other > id).toList();
    }

    private Stream<Checkpoint> completed() {
        return history.stream().filter(checkpoint -> checkpoint.isCompleted() && !checkpoint.savepoint());
    }
}
