package io.slsdispatch.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobStatus;

/**
 * Where the parts of a job run at one moment.
 *
 * @param job status of the job as a whole
 * @param subtasks all parallel parts of all vertices
 */
public record Deployment(JobStatus job, List<Subtask> subtasks) {

    /**
     * @param vertex name of the vertex, and of all operators chained in it
     * @param index of the subtask in its vertex, from 0
     * @param attempt how often it was deployed before under this JobManager
     * @param status as Flink names it, such as RUNNING
     * @param taskManager number of the TaskManager; 0 = none yet
     */
    public record Subtask(String vertex, int index, int attempt, String status, int taskManager) {

        static Subtask of(String vertex, JsonNode subtask) {
            return new Subtask(
                    vertex,
                    subtask.path("subtask").asInt(),
                    subtask.path("attempt").asInt(),
                    subtask.path("status").asText(),
                    TaskManagers.numberOf(subtask.path("taskmanager-id").asText()));
        }

        private String place() {
            return vertex + "/" + index;
        }
    }

    public Deployment {
        subtasks = List.copyOf(subtasks);
    }

    static Deployment of(JobStatus job, List<JsonNode> vertices) {
        List<Subtask> subtasks = new ArrayList<>();
        for (JsonNode vertex : vertices) {
            for (JsonNode subtask : vertex.path("subtasks")) {
                subtasks.add(Subtask.of(vertex.path("name").asText(), subtask));
            }
        }
        return new Deployment(job, subtasks);
    }

    /** Whether the job and every subtask of it runs. */
    public boolean isRunning() {
        return job == JobStatus.RUNNING
                && !subtasks.isEmpty()
                && subtasks.stream().allMatch(subtask -> subtask.status().equals("RUNNING"));
    }

    /** Numbers of the TaskManagers that have a part of the job. */
    public Set<Integer> taskManagers() {
        return subtasks.stream().map(Subtask::taskManager).collect(Collectors.toSet());
    }

    /** Whether no subtask is on any other TaskManager. */
    public boolean isOnlyOn(Set<Integer> taskManagers) {
        return taskManagers.containsAll(taskManagers());
    }

    /** Whether every subtask was deployed anew since, under the same JobManager. */
    public boolean isAllRedeployedSince(Deployment earlier) {
        Map<String, Integer> before = new HashMap<>();
        earlier.subtasks.forEach(subtask -> before.put(subtask.place(), subtask.attempt()));
        return subtasks.stream().allMatch(subtask -> subtask.attempt() > before.getOrDefault(subtask.place(), -1));
    }
}
