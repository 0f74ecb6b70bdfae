package io.slsdispatch.job.status;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.slsdispatch.job.status.JobReport.Checkpoints;
import io.slsdispatch.job.status.JobReport.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Collects the report of a job from Flink's REST interface, by a limited number of requests. */
public final class StatusReader {

    /** A wait that can be interrupted. */
    @FunctionalInterface
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    /** A request for metrics makes Flink fetch them in the background, if it has not done so for 10 seconds. */
    private static final Duration FETCHING = Duration.ofMillis(500);

    /** After its start, a job has no metrics for a moment. */
    private static final int MOST_PAUSES = 6;

    private static final String RESTARTS = "numRestarts";

    private final FlinkRest rest;
    private final Pause pause;

    public StatusReader(FlinkRest rest, Pause pause) {
        this.rest = rest;
        this.pause = pause;
    }

    /**
     * Reads the report.
     *
     * @param id of the job; null for the only job of sls-dispatch in the cluster
     * @throws FlinkRestException if Flink does not answer as expected
     * @throws NoJobException if it is not known which job is meant
     */
    JobReport read(@Nullable String id) throws FlinkRestException, NoJobException, InterruptedException {
        JsonObject job = new JobFinder(rest).find(id);
        String path = "/jobs/" + job.get("jid").getAsString();
        Map<String, String> vertices = vertices(job);
        boolean ended = JobFinder.hasEnded(job);
        MetricsReader metrics = new MetricsReader(rest, path, vertices);
        if (!ended) {
            awaitMetrics(metrics, "RUNNING".equals(job.get("state").getAsString()));
        }
        Instant now = time(job.get("now"));
        return new JobReport(
                job.get("jid").getAsString(),
                Texts.line(job.get("name").getAsString()),
                job.get("state").getAsString(),
                since(job, now),
                now,
                missingTasks(job),
                restarts(path),
                failure(path),
                checkpoints(path, vertices),
                metrics.source(),
                metrics.targets(),
                metrics.rules(),
                metrics.anomalies(),
                metrics.limits(ended || hasEndedTasks(job)));
    }

    private void awaitMetrics(MetricsReader metrics, boolean areExpected)
            throws FlinkRestException, InterruptedException {
        metrics.touch();
        int pauses = areExpected ? MOST_PAUSES : 1;
        do {
            pause.of(FETCHING);
            metrics.read();
            pauses--;
        } while (pauses > 0 && !metrics.isComplete());
    }

    private static Map<String, String> vertices(JsonObject job) {
        Map<String, String> names = new HashMap<>();
        if (job.has("vertices")) {
            for (JsonElement vertex : job.get("vertices").getAsJsonArray()) {
                names.put(
                        vertex.getAsJsonObject().get("id").getAsString(),
                        vertex.getAsJsonObject().get("name").getAsString());
            }
        }
        return names;
    }

    private static boolean hasEndedTasks(JsonObject job) {
        return !text(job, "state").equals("RUNNING")
                || job.getAsJsonArray("vertices").asList().stream()
                        .anyMatch(vertex ->
                                text(vertex.getAsJsonObject(), "status").equals("FINISHED"));
    }

    private static int missingTasks(JsonObject job) {
        int missing = 0;
        if (text(job, "state").equals("RUNNING")) {
            for (JsonElement vertex : job.getAsJsonArray("vertices")) {
                JsonObject tasks = vertex.getAsJsonObject().getAsJsonObject("tasks");
                missing += vertex.getAsJsonObject().get("parallelism").getAsInt()
                        - tasks.get("RUNNING").getAsInt()
                        - tasks.get("FINISHED").getAsInt();
            }
        }
        return missing;
    }

    private static Instant since(JsonObject job, Instant now) {
        JsonObject timestamps = job.getAsJsonObject("timestamps");
        JsonElement since =
                timestamps == null ? null : timestamps.get(job.get("state").getAsString());
        return since == null || since.getAsLong() <= 0 ? now : time(since);
    }

    private static Instant time(JsonElement millis) {
        return Instant.ofEpochMilli(millis.getAsLong());
    }

    private OptionalLong restarts(String path) throws FlinkRestException, InterruptedException {
        String value = new MetricQuery(rest, 1)
                .values(path + "/metrics", List.of(RESTARTS))
                .get(RESTARTS);
        try {
            return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private @Nullable Failure failure(String path) throws FlinkRestException, InterruptedException {
        JsonObject answer = object(path + "/exceptions?maxExceptions=1");
        JsonObject history = answer.getAsJsonObject("exceptionHistory");
        JsonArray entries = history == null ? null : history.getAsJsonArray("entries");
        if (entries == null || entries.isEmpty()) {
            return null;
        }
        JsonObject entry = entries.get(0).getAsJsonObject();
        return new Failure(
                time(entry.get("timestamp")),
                RootCause.of(text(entry, "stacktrace")),
                Texts.line(text(entry, "taskName")));
    }

    private @Nullable Checkpoints checkpoints(String path, Map<String, String> vertices)
            throws FlinkRestException, InterruptedException {
        JsonObject answer = object(path + "/checkpoints");
        JsonObject latest = answer.getAsJsonObject("latest");
        if (latest == null) {
            return null;
        }
        JsonObject completed = objectIn(latest, "completed");
        JsonObject savepoint = objectIn(latest, "savepoint");
        if (completed == null || (savepoint != null && id(savepoint) > id(completed))) {
            completed = savepoint;
        }
        JsonObject running = null;
        long failedSince = 0;
        for (JsonElement element : answer.getAsJsonArray("history")) {
            JsonObject checkpoint = element.getAsJsonObject();
            String status = text(checkpoint, "status");
            if (status.equals("IN_PROGRESS")) {
                running = checkpoint;
            } else if (status.equals("FAILED") && (completed == null || id(checkpoint) > id(completed))) {
                failedSince++;
            }
        }
        JsonObject failed = objectIn(latest, "failed");
        return new Checkpoints(
                completed == null ? null : completed(completed),
                running == null ? null : time(running.get("trigger_timestamp")),
                running == null ? List.of() : waitsFor(path, id(running), vertices),
                failedSince,
                failed == null ? "" : Texts.line(text(failed, "failure_message")));
    }

    private static long id(JsonObject checkpoint) {
        return checkpoint.get("id").getAsLong();
    }

    private static Checkpoints.Completed completed(JsonObject checkpoint) {
        return new Checkpoints.Completed(
                id(checkpoint),
                time(checkpoint.get("latest_ack_timestamp")),
                Duration.ofMillis(
                        Math.max(0, checkpoint.get("end_to_end_duration").getAsLong())));
    }

    private List<String> waitsFor(String path, long checkpoint, Map<String, String> vertices)
            throws FlinkRestException, InterruptedException {
        List<String> late = new ArrayList<>();
        JsonObject tasks = objectIn(object(path + "/checkpoints/details/" + checkpoint), "tasks");
        if (tasks != null) {
            for (Map.Entry<String, JsonElement> task : tasks.entrySet()) {
                JsonObject counts = task.getValue().getAsJsonObject();
                if (counts.get("num_acknowledged_subtasks").getAsLong()
                        < counts.get("num_subtasks").getAsLong()) {
                    late.add(Texts.line(vertices.getOrDefault(task.getKey(), task.getKey())));
                }
            }
        }
        return late;
    }

    private JsonObject object(String path) throws FlinkRestException, InterruptedException {
        try {
            JsonElement answer = rest.get(path);
            return answer.isJsonObject() ? answer.getAsJsonObject() : new JsonObject();
        } catch (FlinkRestException e) {
            if (e.isNotFound()) {
                return new JsonObject();
            }
            throw e;
        }
    }

    private static @Nullable JsonObject objectIn(JsonObject parent, String name) {
        JsonElement child = parent.get(name);
        return child == null || !child.isJsonObject() ? null : child.getAsJsonObject();
    }

    private static String text(JsonObject parent, String name) {
        JsonElement child = parent.get(name);
        return child == null || !child.isJsonPrimitive() ? "" : child.getAsString();
    }

    /** Waits without a lock. */
    public static void park(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
