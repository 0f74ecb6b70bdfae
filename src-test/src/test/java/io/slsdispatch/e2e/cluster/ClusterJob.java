package io.slsdispatch.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobStatus;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One job on a {@link FlinkCluster}, watched and steered over REST. Calls named {@code await} bear a JobManager that is
 * away for a while; all others throw {@link RestException} then. Waits that take no limit end after the cluster's
 * patience with a {@link ConditionTimeoutException}.
 */
public final class ClusterJob {

    /** Whoever looks into a savepoint that takes longer wants to know what all threads did. */
    private static final Duration LONG_SAVEPOINT = Duration.ofSeconds(20);

    private final FlinkCluster cluster;
    private final RestClient rest;
    private final Submission submission;
    private final String id;

    ClusterJob(FlinkCluster cluster, RestClient rest, Submission submission, String id) {
        this.cluster = cluster;
        this.rest = rest;
        this.submission = submission;
        this.id = id;
    }

    /** 32 hexadecimal digits. */
    public String id() {
        return id;
    }

    /** How it was submitted; the start of another submission, such as one from a savepoint. */
    public Submission submission() {
        return submission;
    }

    public JobStatus status() {
        return JobStatus.valueOf(rest.get(path("")).path("state").asText());
    }

    /** Waits until every subtask runs, each on a TaskManager whose process lives. */
    public void awaitRunning() {
        awaitDeployment("all of it RUNNING on living TaskManagers", Deployment::isRunning);
    }

    /**
     * Waits until every subtask was deployed anew and runs on a TaskManager whose process lives: a whole restart, also
     * where no process died.
     *
     * @param before what {@link #deployment()} gave before the event that is expected to restart the job
     */
    public void awaitRestartSince(Deployment before) {
        awaitDeployment("all of it deployed anew", now -> now.isRunning() && now.isAllRedeployedSince(before));
    }

    private void awaitDeployment(String what, Predicate<Deployment> wanted) {
        await(what, cluster.patience(), this::deployment, seen -> {
            failIfEnded(seen.job(), what);
            return wanted.test(seen) && seen.isOnlyOn(cluster.livingTaskManagers());
        });
    }

    /** Waits until the job has this status; fails at once when it has ended with another. */
    public void awaitStatus(JobStatus wanted) {
        awaitStatus(wanted, cluster.patience());
    }

    private void awaitStatus(JobStatus wanted, Duration limit) {
        String what = "status " + wanted;
        await(what, limit, this::status, seen -> {
            if (seen != wanted) {
                failIfEnded(seen, what);
            }
            return seen == wanted;
        });
    }

    private void failIfEnded(JobStatus seen, String awaited) {
        if (seen.isGloballyTerminalState()) {
            throw new IllegalStateException(
                    "Job %s is %s while waiting for %s. %s".formatted(id, seen, awaited, failuresIfKnown()));
        }
    }

    /** Where the parts of the job run now. */
    public Deployment deployment() {
        JsonNode job = rest.get(path(""));
        List<JsonNode> vertices = new ArrayList<>();
        for (JsonNode vertex : job.path("vertices")) {
            vertices.add(rest.get(path("/vertices/" + vertex.path("id").asText())));
        }
        return Deployment.of(JobStatus.valueOf(job.path("state").asText()), vertices);
    }

    /** What Flink's REST interface says of the checkpoints, as it is. */
    public JsonNode checkpointStatistics() {
        return rest.get(path("/checkpoints"));
    }

    public Checkpoints checkpoints() {
        return Checkpoints.of(rest.get(path("/checkpoints")));
    }

    /** Waits until so many checkpoints that were triggered after this call have completed; savepoints do not count. */
    public void awaitCheckpoints(int count) {
        long last = await("its checkpoints", cluster.patience(), this::checkpoints, seen -> true)
                .lastId();
        String what = count + " completed checkpoints with an id above " + last;
        Set<Long> completed = new TreeSet<>();
        await(
                what,
                cluster.patience(),
                () -> {
                    failIfEnded(status(), what);
                    completed.addAll(checkpoints().completedAfter(last));
                    return completed;
                },
                seen -> seen.size() >= count);
    }

    /**
     * Takes a checkpoint now, beside those that Flink takes by itself.
     *
     * @return its id
     * @throws SavepointException if Flink reports a failure
     */
    public long triggerCheckpoint() {
        JsonNode accepted = rest.post(path("/checkpoints"), Map.of("checkpointType", "FULL"));
        return completed("checkpoint", "/checkpoints/", accepted, cluster.patience())
                .path("checkpointId")
                .asLong();
    }

    /** Asks for a savepoint while the job goes on, and does not wait for it. */
    public void requestSavepoint() {
        rest.post(path("/savepoints"), Map.of("cancel-job", false));
    }

    /**
     * Waits until a savepoint is under way.
     *
     * @return its id
     */
    public long awaitSavepointUnderWay() {
        return await(
                        "a savepoint that is under way",
                        cluster.patience(),
                        this::checkpoints,
                        seen -> seen.savepointUnderWay().isPresent())
                .savepointUnderWay()
                .orElseThrow()
                .id();
    }

    /**
     * Takes a savepoint while the job goes on.
     *
     * @return its path
     * @throws SavepointException if Flink reports a failure
     */
    public String triggerSavepoint() {
        JsonNode accepted = rest.post(path("/savepoints"), Map.of("cancel-job", false));
        return savepoint(accepted, cluster.patience());
    }

    /**
     * Stops the job with a savepoint, without drain, and waits until it is FINISHED.
     *
     * @param limit of the whole call
     * @return path of the savepoint
     * @throws SavepointException if Flink reports a failure; what the job does then is the caller's to check
     */
    public String stopWithSavepoint(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        JsonNode accepted = rest.post(path("/stop"), Map.of("drain", false));
        String savepoint = savepoint(accepted, limit);
        awaitStatus(JobStatus.FINISHED, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        return savepoint;
    }

    /** Asks for a stop with a savepoint, and does not wait for it. */
    public void requestStopWithSavepoint() {
        rest.post(path("/stop"), Map.of("drain", false));
    }

    /** {@link #stopWithSavepoint(Duration)} within the cluster's patience. */
    public String stopWithSavepoint() {
        return stopWithSavepoint(cluster.patience());
    }

    private String savepoint(JsonNode accepted, Duration limit) {
        return completed("savepoint", "/savepoints/", accepted, limit)
                .path("location")
                .asText();
    }

    private JsonNode completed(String what, String where, JsonNode accepted, Duration limit) {
        String request = accepted.path("request-id").asText();
        long dumpAt = System.nanoTime() + LONG_SAVEPOINT.toNanos();
        AtomicBoolean dumped = new AtomicBoolean();
        JsonNode done = await(
                "the end of " + what + " request " + request,
                limit,
                () -> {
                    // When it has failed, what it waited for is gone.
                    if (System.nanoTime() - dumpAt > 0 && dumped.compareAndSet(false, true)) {
                        cluster.dumpThreads();
                    }
                    return rest.get(path(where + request));
                },
                answer -> answer.path("status").path("id").asText().equals("COMPLETED"));
        JsonNode operation = done.path("operation");
        // Of a savepoint and of a checkpoint; Flink spells them differently.
        for (String field : List.of("failure-cause", "failureCause")) {
            if (operation.hasNonNull(field)) {
                throw new SavepointException(
                        id, operation.path(field).path("stack-trace").asText());
            }
        }
        return operation;
    }

    /** Asks for the job's end without a savepoint and waits until it is CANCELED. */
    public void cancel(Duration limit) {
        rest.patch(path("?mode=cancel"));
        awaitStatus(JobStatus.CANCELED, limit);
    }

    /** {@link #cancel(Duration)} within the cluster's patience. */
    public void cancel() {
        cancel(cluster.patience());
    }

    /**
     * Stops the job with a savepoint and submits it again at another parallelism.
     *
     * @return the new job, not yet running
     */
    public ClusterJob rescale(int parallelism) {
        String savepoint = stopWithSavepoint();
        return cluster.submit(submission.withSavepoint(savepoint).withParallelism(parallelism));
    }

    /** The failures that the JobManager remembers, newest first. */
    public List<JobFailure> failures() {
        List<JobFailure> failures = new ArrayList<>();
        for (JsonNode entry :
                rest.get(path("/exceptions")).path("exceptionHistory").path("entries")) {
            failures.add(new JobFailure(
                    entry.path("exceptionName").asText(),
                    entry.path("stacktrace").asText(),
                    entry.path("taskName").asText("")));
        }
        return failures;
    }

    /** The metrics of this job; they are some seconds old. */
    public JobMetrics metrics() {
        return new JobMetrics(rest, path(""));
    }

    private String failuresIfKnown() {
        try {
            return failures().stream().map(JobFailure::stackTrace).collect(Collectors.joining("\n"));
        } catch (RestException e) {
            return e.toString();
        }
    }

    private <T> T await(String what, Duration limit, Callable<T> look, Predicate<? super T> wanted) {
        return Waiting.waitFor("job " + id + ": " + what, limit, look, wanted);
    }

    private String path(String rest) {
        return "/jobs/" + id + rest;
    }
}
